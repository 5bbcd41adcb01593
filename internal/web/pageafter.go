package web

import "slices"

// pageAfter is the part of a list that begins after the line of a key, with the
// key of its last line when there is more. A key that is no line's begins at
// the first: what it named is gone.
func pageAfter[T any](all []T, after string, most int, key func(T) string) (lines []T, next string, later bool) {
	if after != "" {
		if i := slices.IndexFunc(all, func(one T) bool { return key(one) == after }); i >= 0 {
			all, later = all[i+1:], true
		}
	}
	if len(all) > most {
		all = all[:most]
		next = key(all[most-1])
	}
	return all, next, later
}
