"""Who is to know of an entity, and which neighbours that concerns."""

from ledger import EVERYONE


def at_or_above(tree, upper, lower):
    """Whether `upper` is `lower` or above it in a tree {region: (tier, parent, address)}."""
    while lower is not None:
        if lower == upper:
            return True
        lower = tree[lower][1] if lower in tree else None
    return False


def judge(facts, trees):
    """The audience formed by the held events of one entity, and the void widenings.

    `facts`: {hash: (founding, parents, added, region)}; `trees`: every hub-signed tree known.
    """
    formed, valid, void = {}, {}, set()
    waiting = dict(facts)
    while True:
        ready = [h for h, fact in waiting.items() if all(p in formed for p in fact[1])]
        if not ready:
            break
        for digest in ready:
            founding, parents, added, region = waiting.pop(digest)
            before = set().union(*(formed[p] for p in parents))
            if founding:
                valid[digest] = set(added) | {region}
            elif added and not any(
                    region == named or any(at_or_above(t, region, named) for t in trees)
                    for named in before):
                void.add(digest)
            else:
                valid[digest] = set(added)
            formed[digest] = before | valid.get(digest, set())
    return set().union(*valid.values()), void


def concerns(tree, region, peer, audience):
    """Whether an entity of this audience goes from `region` to its neighbour `peer`."""
    if tree.get(region, (0, None))[1] == peer:
        return True
    return EVERYONE in audience or any(at_or_above(tree, peer, named) for named in audience)
