"""One file for each outside thing: storage, models, HTTP, settings, telemetry.

Nothing happens at import; addresses in :mod:`sangdam_adapters.settings` say what is used.
"""
