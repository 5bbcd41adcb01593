package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A Sign is one thing somebody looked at on the machine of a record: which, how
// it is, by a word of a closed list, and what stands beside it in any language,
// such as how much of it there is. It names no folder and nobody's data.
type Sign struct {
	Look   string    `json:"look" doc:"what was looked at" example:"disk"`
	Answer string    `json:"answer" doc:"well, warning, unwell, unknown" example:"well"`
	Code   string    `json:"code" doc:"what was found, by its name" example:"disk_room"`
	Beside string    `json:"beside,omitempty" doc:"how much, or which" example:"412 GiB"`
	At     time.Time `json:"at,omitzero" doc:"when that was, where it is of a moment"`
}

// The answers of a sign.
const (
	signWell    = "well"
	signWarning = "warning"
	signUnwell  = "unwell"
	signUnknown = "unknown"
)

// looked are what whoever runs the machine looks at, in the order they are shown.
var looked = []string{"keys", "disk", "backup", "checkpoint", "anchor", "check", "mirrors", "clock", "database", "sign-on", "media", "disposals", "tries", "version"}

// backupGoesStale is after how long a stated backup is told to be old: a choice
// of this program.
const backupGoesStale = 7 * 24 * time.Hour

// signs is what is known of the machine and the record, in the order of [looked]:
// what nobody looked at could not be told. For whoever lets people in.
func (c *Counter) signs(v *visit) ([]Sign, error) {
	if err := c.Desk.MayAdmit(v.ctx(), v.caller(), v.at); err != nil {
		return nil, err
	}
	known, err := c.recordSigns(v)
	if err != nil {
		return nil, err
	}
	if c.Look != nil {
		ctx, stop := context.WithTimeout(v.ctx(), lookTime)
		defer stop()
		known = append(known, c.Look(ctx)...)
	}
	var all []Sign
	for _, look := range looked {
		n := len(all)
		for _, s := range known {
			if s.Look == look {
				all = append(all, s)
			}
		}
		if len(all) == n && look != "disposals" { // which is told only where there is a mirror
			all = append(all, Sign{Look: look, Answer: signUnknown, Code: "nobody_looked"})
		}
	}
	return all, nil
}

// lookTime is how long a page waits for what the machine has to say.
const lookTime = 20 * time.Second

// recordSigns is what the record says of itself.
func (c *Counter) recordSigns(v *visit) ([]Sign, error) {
	state, err := c.Desk.Ledger(v.ctx(), v.caller(), v.at)
	if err != nil {
		return nil, err
	}
	known := []Sign{{Look: "version", Answer: signWell, Code: "version", Beside: c.Version}}
	switch {
	case state.Stopped != "":
		known = append(known, Sign{Look: "checkpoint", Answer: signUnwell, Code: "checkpoint_stopped"})
	case state.Published == 0:
		known = append(known, Sign{Look: "checkpoint", Answer: signWarning, Code: "checkpoint_none"})
	default:
		known = append(known, Sign{Look: "checkpoint", Answer: signWell, Code: "checkpoint_published", Beside: strconv.FormatInt(state.Published, 10), At: state.At})
	}
	if n := state.Anchored(); n > 0 {
		known = append(known, Sign{Look: "anchor", Answer: signWell, Code: "anchor_kept", Beside: strconv.FormatInt(n, 10)})
	} else {
		known = append(known, Sign{Look: "anchor", Answer: signWarning, Code: "anchor_none"})
	}
	backup, err := c.Desk.LastBackup(v.ctx(), v.caller(), v.at)
	switch {
	case errors.Is(err, jurat.NotFound):
		known = append(known, Sign{Look: "backup", Answer: signUnknown, Code: "backup_unknown"})
	case err != nil:
		return nil, err
	case v.at.Sub(backup.At) > backupGoesStale:
		known = append(known, Sign{Look: "backup", Answer: signWarning, Code: "backup_old", Beside: string(backup.By), At: backup.At})
	default:
		known = append(known, Sign{Look: "backup", Answer: signWell, Code: "backup_stated", Beside: string(backup.By), At: backup.At})
	}
	check, err := c.checkupBody(v)
	if err != nil {
		return nil, err
	}
	known = append(known, checkSign(check))
	alerts, err := c.alertsToday(v)
	if err != nil {
		return nil, err
	}
	if alerts > 0 {
		return append(known, Sign{Look: "tries", Answer: signWarning, Code: "tries_again", Beside: strconv.Itoa(alerts)}), nil
	}
	return append(known, Sign{Look: "tries", Answer: signWell, Code: "tries_none"}), nil
}

// checkSign is what came of the last checkup.
func checkSign(check checkupBody) Sign {
	s := Sign{Look: "check", Answer: signUnknown, Code: "check_never"}
	if check.Last == nil {
		return s
	}
	s.At = check.Last.At
	switch check.Last.Answer {
	case "intact":
		s.Answer, s.Code = signWell, "check_intact"
	case "altered":
		s.Answer, s.Code = signUnwell, "check_altered"
	default:
		s.Code = "check_unsure"
	}
	return s
}

// alertsToday is how many patterns of refused tries there were within a day.
func (c *Counter) alertsToday(v *visit) (int, error) {
	all, err := c.Desk.Alerts(v.ctx(), v.caller(), v.at)
	n := 0
	for _, a := range all {
		if v.at.Sub(a.At) < 24*time.Hour {
			n++
		}
	}
	return n, err
}

// healthPage shows an administrator how the machine and the record are.
func (c *Counter) healthPage(w http.ResponseWriter, v *visit) error {
	signs, err := c.signs(v)
	if errors.Is(err, jurat.Forbidden) {
		return nothingHere
	}
	if err != nil {
		return err
	}
	check, err := c.checkupBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "health", struct {
		Signs []Sign
		Worst string
		Check checkupBody
	}{signs, worstOf(signs), check})
	return nil
}

// worstOf is the gravest answer of signs.
func worstOf(signs []Sign) string {
	for _, answer := range []string{signUnwell, signWarning, signUnknown} {
		if slices.ContainsFunc(signs, func(s Sign) bool { return s.Answer == answer }) {
			return answer
		}
	}
	return signWell
}

// stateBackup keeps that the reader states a backup was made.
func (c *Counter) stateBackup(w http.ResponseWriter, v *visit) error {
	if err := c.Desk.StateBackup(v.ctx(), v.caller(), v.at); err != nil {
		if errors.Is(err, jurat.Forbidden) {
			return nothingHere
		}
		return err
	}
	return see(w, v, "/admin/health#backup")
}

// keys shows an administrator the keys of the record, and who signs with one.
func (c *Counter) keys(w http.ResponseWriter, v *visit) error {
	keys, people, err := c.Desk.Keys(v.ctx(), v.caller(), v.at)
	if errors.Is(err, jurat.Forbidden) {
		return nothingHere
	}
	if err != nil {
		return err
	}
	offices, err := c.Desk.Offices(v.ctx(), v.caller(), v.at)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "keys", struct {
		Keys    []desk.KeyLine
		People  []desk.PersonKeys
		Offices []jurat.Office
	}{keys, people, offices})
	return nil
}
