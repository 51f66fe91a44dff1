"""How files of events are opened: unpacked, decoded, and where they are broken brought into a form that can be read."""
