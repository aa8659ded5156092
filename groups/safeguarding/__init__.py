"""Groups for young people: who they can turn to, and no message to somebody under 18 before a parent or guardian agreed."""
