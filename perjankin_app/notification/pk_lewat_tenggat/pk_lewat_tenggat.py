"""Core wants a module beside each standard Notification."""
