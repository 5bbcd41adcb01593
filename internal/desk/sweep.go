package desk

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// factNouns are the nouns an order's expressions may ask about.
var factNouns = []jurat.Noun{
	jurat.NounIncident, jurat.NounRecord, jurat.NounExhibit, jurat.NounFlag, jurat.NounHold, jurat.NounAccount,
	jurat.NounAllegation, jurat.NounReferral, jurat.NounContact, jurat.NounParty, jurat.NounDossier,
}

// A sweep reads the facts of every incident, as the first size leaves of the
// ledger have them; [register.AllEvents] is all that was done.
type sweep struct {
	size   int64
	nouns  []jurat.Noun
	hidden register.Hidden // what is not there for whom it is read for
	erased atomic.Int64    // items that say nothing any more
}

// errEnough ends a reading early.
var errEnough = errors.New("enough was read")

// chains gives the items of one chain after another, the house's first, still
// as they are kept.
func (s *sweep) chains(tx *register.Tx, nouns []jurat.Noun, fn func([]register.ItemState) error) error {
	var chain []register.ItemState
	err := tx.EachItem(s.size, s.hidden, nouns, func(item register.ItemState) error {
		if len(chain) > 0 && chain[0].Incident != item.Incident {
			done := chain
			chain = nil
			if err := fn(done); err != nil {
				return err
			}
		}
		chain = append(chain, item)
		return nil
	})
	if err == nil && len(chain) > 0 {
		err = fn(chain)
	}
	return err
}

// facts opens the items of one chain.
func (s *sweep) facts(chain []register.ItemState) (order.Facts, error) {
	slices.SortFunc(chain, func(a, b register.ItemState) int {
		return cmp.Or(strings.Compare(string(a.Item.Noun), string(b.Item.Noun)), cmp.Compare(len(a.Item.ID), len(b.Item.ID)), strings.Compare(string(a.Item.ID), string(b.Item.ID)))
	})
	var f order.Facts
	for _, item := range chain {
		raw, err := item.State()
		if err == nil && raw == nil {
			s.erased.Add(1)
			continue
		}
		if err == nil {
			err = addFact(&f, item.Item.Noun, raw)
		}
		if err != nil {
			return f, fmt.Errorf("read %s %s: %w", item.Item.Noun, item.Item.ID, err)
		}
	}
	return f, nil
}

// house gives the facts of the house, and the orders in force: of each adopted
// order the newest version among the leaves, by id.
func (s *sweep) house(tx *register.Tx) (f order.Facts, adopted []jurat.Adoption, err error) {
	err = s.chains(tx, []jurat.Noun{jurat.NounRecord, jurat.NounOrder}, func(chain []register.ItemState) error {
		if chain[0].Incident != register.House {
			return errEnough
		}
		orders := slices.DeleteFunc(slices.Clone(chain), func(i register.ItemState) bool { return i.Item.Noun != jurat.NounOrder })
		for _, item := range orders {
			raw, err := item.State()
			if err == nil && raw == nil {
				err = jurat.Errorf(jurat.Unavailable, "the text of the order %s was erased, so nobody can say what it asked", item.Item.ID)
			}
			if err == nil {
				err = grow(&adopted, raw)
			}
			if err != nil {
				return err
			}
		}
		f, err = s.facts(chain)
		return errors.Join(err, errEnough)
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	slices.SortFunc(adopted, func(a, b jurat.Adoption) int { return cmp.Compare(a.ID, b.ID) })
	return f, adopted, err
}

// eachIncident does work on the facts of every incident, on as many processors
// as there are, and gives what came of it in no particular order. The rows are
// read one after another, by the transaction; it may not be used for anything
// else until the ranging ends.
func eachIncident[T any](tx *register.Tx, s *sweep, work func(order.Facts) T) iter.Seq2[T, error] {
	type done struct {
		value T
		err   error
	}
	const batch = 32
	return func(yield func(T, error) bool) {
		held, err := loadAll[jurat.Hold](tx, register.House, jurat.NounHold)
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		in, out, stop := make(chan [][]register.ItemState, 2), make(chan []done, 2), make(chan struct{})
		var workers sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			workers.Go(func() {
				for chains := range in {
					results := make([]done, 0, len(chains))
					for _, chain := range chains {
						f, err := s.facts(chain)
						switch {
						case err != nil:
							results = append(results, done{err: err})
						case f.Incident.Number != "": // erased whole
							for _, h := range held {
								if h.Holds(jurat.ItemID(f.Incident.Number)) {
									f.Holds = append(f.Holds, h)
								}
							}
							results = append(results, done{value: work(f)})
						}
					}
					select {
					case out <- results:
					case <-stop:
					}
				}
			})
		}
		go func() {
			defer func() {
				close(in)
				workers.Wait()
				close(out)
			}()
			var chains [][]register.ItemState
			send := func() error {
				select {
				case in <- chains:
					chains = nil
					return nil
				case <-stop:
					return errEnough
				}
			}
			err := s.chains(tx, s.nouns, func(chain []register.ItemState) error {
				if chain[0].Incident == register.House {
					return nil
				}
				if chains = append(chains, chain); len(chains) < batch {
					return nil
				}
				return send()
			})
			if err == nil && len(chains) > 0 {
				err = send()
			}
			if err != nil && !errors.Is(err, errEnough) {
				select {
				case out <- []done{{err: err}}:
				case <-stop:
				}
			}
		}()
		defer func() {
			close(stop)
			for range out { // until everybody has left, the reader of the transaction among them
			}
		}()
		for results := range out {
			for _, r := range results {
				if !yield(r.value, r.err) || r.err != nil {
					return
				}
			}
		}
	}
}

// addFact adds an item to the facts, out of its open part.
func addFact(f *order.Facts, noun jurat.Noun, value []byte) error {
	switch noun {
	case jurat.NounIncident:
		var in []jurat.Incident
		err := grow(&in, value)
		if err == nil {
			f.Incident = in[0]
		}
		return err
	case jurat.NounRecord:
		err := grow(&f.Records, value)
		if n := len(f.Records) - 1; err == nil {
			f.Records = append(f.Records[:n], withoutOwn(f.Records[n:])...)
		}
		return err
	case jurat.NounExhibit:
		return grow(&f.Exhibits, value)
	case jurat.NounFlag:
		return grow(&f.Flags, value)
	case jurat.NounHold:
		return grow(&f.Holds, value)
	case jurat.NounAccount:
		return grow(&f.Accounts, value)
	case jurat.NounAllegation:
		return grow(&f.Allegations, value)
	case jurat.NounReferral:
		return grow(&f.Referrals, value)
	case jurat.NounContact:
		return grow(&f.Contacts, value)
	case jurat.NounParty:
		return grow(&f.Parties, value)
	case jurat.NounDossier:
		return grow(&f.Dossiers, value)
	}
	return nil // orders: no facts of an order
}
