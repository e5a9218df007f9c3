"""The shop's own business: rules without storage."""
