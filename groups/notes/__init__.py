"""What whoever holds an office writes down for those who hold it after them, and nobody else."""
