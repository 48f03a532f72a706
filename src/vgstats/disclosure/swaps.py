"""Swaps: moves of few cells between places, looked up for all places at once where a linear problem takes long.

Places (the units of a county, its kommuner) are divided alike, by sex and group. So what one place gains in a group and
loses in another, a second can lose and gain, and the county's numbers stay. The cheapest such exchange is about always
the cheapest move of a number. What is found is a guess: whoever uses it checks it exactly.
"""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
from scipy import sparse

from vgstats.disclosure.statements import UNBOUNDED, Floats, Ints, Mask

_KINDS = 64  # of cells in a place; of more there would be too many exchanges to look through
# Prices are whole numbers of thousandths, so that their sums are exact, and the same on every machine.
_FINE = 1000
_SHORT = 1  # what it costs to disturb a hidden number: little, so that moves stay short
_NEVER = 2.0**23  # stands for no price

# By move of a place: what it costs that others do the opposite, and of each of these the amount and the place.
_Way = tuple[Floats, tuple[tuple[int, Ints], ...]]


class Swaps:
    """The exchanges between places of a block of numbers, and what each would disturb.

    Args:
        by_row: numbers x cells, 0/1.
        axes: of each cell its place, its sex and the rest of its key, as whole numbers.
        down: how far each number may fall, and after them each cell.
        up: how far they may rise.
    """

    def __init__(self, by_row: sparse.csr_array, axes: Ints, down: Ints, up: Ints):
        rows, cells = by_row.shape
        every = sparse.csr_array(sparse.vstack([by_row, sparse.eye_array(cells, dtype=np.int64)]))
        kinds, kind = np.unique(axes[:, 1:], axis=0, return_inverse=True)
        places, place = np.unique(axes[:, 0], return_inverse=True)
        self._some = len(places) > 1 and len(kinds) <= _KINDS
        if not self._some:
            return
        self._cell = np.full((len(places), len(kinds)), -1, dtype=np.int64)
        self._cell[place, kind] = np.arange(cells)
        self._lies(every, place, kind)
        self._moves = _moves(kinds)
        self._against = _opposite(self._moves)
        self._effect = self._patterns @ self._moves.T
        self._changes = (self._effect != 0).astype(np.float32)
        self._wide_effect = _kinds_of(every[self._wide], kind, len(kinds)) @ self._moves.T
        self._down, self._up = np.append(down, UNBOUNDED), np.append(up, UNBOUNDED)
        self._lacks = (self._cell < 0).astype(np.float32) @ (self._moves != 0).T.astype(np.float32)
        self._rows, self._cells = rows, cells
        self._price = np.full(rows + cells + 1, float(_SHORT))
        self._price[rows:] = 0
        self._barred: dict[int, Mask] = {}
        self._cost = self._costs(np.arange(len(places)))

    def _lies(self, every: sparse.csr_array, place: Ints, kind: Ints) -> None:
        """Note where each number lies: at one place, where it is made of the same kinds as others, or wide."""
        patterns: dict[tuple[bytes, int], int] = {}
        found: dict[tuple[int, int], int] = {}
        starts, cells = every.indptr, every.indices
        self._at = np.full((every.shape[0], 2), -1, dtype=np.int64)
        for row in range(every.shape[0]):
            mine = cells[starts[row] : starts[row + 1]]
            if len(mine) and (place[mine] == place[mine[0]]).all():
                made, where, rank = np.sort(kind[mine]).tobytes(), int(place[mine[0]]), 0
                while (
                    where,
                    number := patterns.setdefault((made, rank), len(patterns)),
                ) in found:
                    rank += 1
                found[where, number] = row
                self._at[row] = where, number
        self._row = np.full((len(self._cell), len(patterns)), every.shape[0], dtype=np.int64)
        for (where, number), row in found.items():
            self._row[where, number] = row
        self._patterns = np.zeros((len(patterns), self._cell.shape[1]), dtype=np.int64)
        for (made, _), number in patterns.items():
            self._patterns[number, np.frombuffer(made, dtype=kind.dtype)] = 1
        self._wide = np.flatnonzero((self._at[:, 0] < 0) & (np.diff(starts) > 0))

    def at_prices(self, prices: Floats) -> None:
        """Take what it costs to disturb each number: nothing where it is hidden, infinite where it must be shown."""
        if not self._some:
            return
        now = np.where(np.isfinite(prices), np.rint(_FINE * prices) + _SHORT, _NEVER)
        changed = np.flatnonzero(now != self._price[: self._rows])
        self._price[changed] = now[changed]
        places = np.unique(self._at[changed, 0])
        if len(places := places[places >= 0]):
            self._cost[places] = self._costs(places)

    def _costs(self, places: Ints) -> Floats:
        cost = self._price[self._row[places]].astype(np.float32) @ self._changes
        return np.where(self._lacks[places] > 0, np.float32(_NEVER), cost)

    def _bars(self, amount: int) -> Mask:
        """Return which exchanges of an amount a number cannot take, by place."""
        if amount not in self._barred:
            found = np.zeros(self._cost.shape, dtype=bool)
            for room, sign in ((self._down[self._row], -1), (self._up[self._row], 1)):
                for by in np.unique(self._effect[sign * self._effect > 0]):
                    few = (room < amount * abs(by)).astype(np.float32)
                    if few.any():
                        found |= few @ (self._effect == by).astype(np.float32) > 0
            self._barred[amount] = found
        return self._barred[amount]

    def _priced(self, amount: int, moves: Ints) -> Floats:
        return np.where(self._bars(amount)[:, moves], np.float32(_NEVER), self._cost[:, moves])

    def find(self, row: int, change: int) -> list[Ints]:
        """Return exchanges that change a number so much, or two that do together, the cheapest first.

        Each is how the cells change. Two may ask the same of a third place, more than it has.
        """
        where, pattern = self._at[row] if self._some else (-1, -1)
        if where < 0:
            return []
        effect, amount = self._effect[pattern], abs(change)
        moves = np.flatnonzero(effect > 0 if change > 0 else effect < 0)
        parts = [self._cheapest(int(where), moves, part) for part in range(1, amount + 1)]
        found = [parts[-1]] if parts[-1] else []
        for one, other in zip(parts[: amount // 2], parts[-2::-1], strict=False):
            if one and other:
                found.append((one[0] + other[0], one[1] + other[1]))
        return [move for _, move in sorted(found, key=lambda way: way[0])]

    def _cheapest(self, where: int, moves: Ints, amount: int) -> tuple[float, Ints] | None:
        """Return the cheapest of some exchanges of a place, of an amount, with what others do against it."""
        own = self._priced_at(where, moves, amount)
        moves, own = moves[own < _NEVER], own[own < _NEVER]
        if not len(moves):
            return None
        ways = [self._alone(amount, moves), *self._partners(amount, moves, where)]
        price = np.array([own + way[0] for way in ways])
        way, best = np.unravel_index(int(price.argmin()), price.shape)
        if price[way, best] >= _NEVER:
            return None
        move = np.zeros(self._cells, dtype=np.int64)
        self._add(move, where, int(moves[best]), amount)
        for part, at in ways[way][1]:
            self._add(move, int(at[best]), int(self._against[moves[best]]), part)
        return float(price[way, best]), move

    def _priced_at(self, where: int, moves: Ints, amount: int) -> Floats:
        barred = self._bars(amount)[where, moves]
        return np.where(barred, np.float32(_NEVER), self._cost[where, moves])

    def _add(self, move: Ints, place: int, of: int, amount: int) -> None:
        kinds = np.flatnonzero(self._moves[of])
        move[self._cell[place, kinds]] += amount * self._moves[of, kinds]

    def _alone(self, amount: int, moves: Ints) -> _Way:
        """Return what moves disturb of the numbers of many places."""
        effect = amount * self._wide_effect[:, moves]
        down, up = self._down[self._wide, None], self._up[self._wide, None]
        price = np.where(effect != 0, self._price[self._wide, None], 0)
        price[(effect < -down) | (effect > up)] = _NEVER
        return price.sum(axis=0), ()

    def _partners(self, amount: int, moves: Ints, where: int) -> list[_Way]:
        """Return what it costs that one other place, or two, take the opposite, and which."""
        against, column = self._against[moves], np.arange(len(moves))
        ways: list[_Way] = []
        for part in range(amount // 2 + 1):
            many = self._priced(amount - part, against)
            many[where] = _NEVER
            first = many.argmin(axis=0)
            price = many[first, column]
            if not part:
                ways.append((price, ((amount, first),)))
                continue
            few = self._priced(part, against)
            few[where], few[first, column] = _NEVER, _NEVER
            second = few.argmin(axis=0)
            ways.append((price + few[second, column], ((amount - part, first), (part, second))))
        return ways


def _moves(kinds: Ints) -> Ints:
    """Return the exchanges in a place, in columns by kind: of one, of two, and of two in one sex against the other."""
    count = len(kinds)
    one = np.eye(count, dtype=np.int64)
    found = [sign * row for row in one for sign in (1, -1)]
    found += [one[a] - one[b] for a, b in permutations(range(count), 2)]
    at = {tuple(kind): number for number, kind in enumerate(kinds.tolist())}
    sexes, others = (np.unique(kinds[:, column]).tolist() for column in (0, 1))
    for a, b in combinations(sexes, 2):
        for c, d in permutations(others, 2):
            four = [at.get(kind, -1) for kind in ((a, c), (a, d), (b, d), (b, c))]
            if min(four) >= 0:
                found.append(one[four[0]] - one[four[1]] + one[four[2]] - one[four[3]])
    return np.array(found)


def _opposite(moves: Ints) -> Ints:
    at = {row.tobytes(): number for number, row in enumerate(moves)}
    return np.array([at[(-row).tobytes()] for row in moves])


def _kinds_of(rows: sparse.csr_array, kind: Ints, count: int) -> Ints:
    """Return which kinds of cells each row holds."""
    found = np.zeros((rows.shape[0], count), dtype=np.int64)
    entries = rows.tocoo()
    found[entries.coords[0], kind[entries.coords[1]]] = 1
    return found
