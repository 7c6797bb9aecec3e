"""The phone, the tablet and the desk: one app whose layout follows the width and the role."""
