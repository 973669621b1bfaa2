"""Terms of office: which overlap, and when nobody holds the post. A term is (first day, last day or None). Pure."""

from datetime import date, timedelta

DAY = timedelta(days=1)
Term = tuple[date, date | None]


def overlap(one: Term, two: Term) -> bool:
	return (two[1] is None or one[0] <= two[1]) and (one[1] is None or two[0] <= one[1])


def within(term: Term, span: tuple[date, date]) -> tuple[date, date] | None:
	"""The part of `term` that lies in `span`."""
	first, last = max(term[0], span[0]), min(term[1] or span[1], span[1])
	return (first, last) if first <= last else None


def gaps(terms: list[Term], today: date) -> list[tuple[date | None, date | None]]:
	"""(first day, last day) without a holder, between terms and around `today`; None where it is open."""
	if not terms:
		return [(None, None)]
	terms = sorted(terms, key=lambda term: term[0])
	first, until = terms[0]
	found = [(None, first - DAY)] if today < first else []
	for start, end in terms[1:]:
		if until is None:
			return found
		if start > until + DAY:
			found.append((until + DAY, start - DAY))
		until = None if end is None else max(until, end)
	if until and until < today:
		found.append((until + DAY, None))
	return found
