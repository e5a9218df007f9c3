"""From a text to its meaning: rules first, the model second, reasons always."""
