"""My page: what is held about me everywhere, who can see it, taking it away, and being forgotten.

Which rows are somebody's stands in the data map (`[table.mine]`); packages register the words for them in their `init_app`.
"""
