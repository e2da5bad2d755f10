"""Stands in for rpds, which is compiled for one Python: the collections that jsonschema and referencing take from it."""


class HashTrieMap(dict):
    @classmethod
    def convert(cls, value):
        return value if isinstance(value, cls) else cls(value)

    def insert(self, key, value):
        return HashTrieMap({**self, key: value})

    def remove(self, key):
        return HashTrieMap({name: value for name, value in self.items() if name != key})

    def update(self, *others, **more):
        changed = HashTrieMap(self)
        for other in (*others, more):
            dict.update(changed, other)
        return changed

    def __hash__(self):
        return hash(frozenset(self.items()))


class HashTrieSet(frozenset):
    def insert(self, value):
        return HashTrieSet(self | {value})

    def update(self, *others):
        return HashTrieSet(self.union(*others))


class List(tuple):
    def push_front(self, value):
        return List((value, *self))

    def drop_first(self):
        return List(self[1:])
