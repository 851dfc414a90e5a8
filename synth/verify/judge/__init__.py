"""The judge: from measurements and a registered rule to a verdict. Pure."""
