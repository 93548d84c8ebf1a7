"""The French before a model sees it: protected, held, said otherwise."""
