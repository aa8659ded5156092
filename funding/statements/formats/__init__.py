"""Reading statement files: plain Python, one file format a file, whole minor units, no server needed."""
