package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/BurntSushi/toml"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/durable"
	"jurat/internal/ledger"
	"jurat/internal/media"
	"jurat/internal/register"
	"jurat/internal/vault"
	"jurat/internal/vault/dirstore"
)

// A settings file is jurat.toml: what an operator may configure. Everything
// else is the program's own. Unknown names are refused.
type settings struct {
	Name    string   `toml:"name"`    // the office's, as people know it
	Origin  string   `toml:"origin"`  // of the log; never changes
	Keys    string   `toml:"keys"`    // the key folder; better outside the record
	Mirrors []string `toml:"mirrors"` // folders the ledger is copied to, and compared with
	// Database is the DSN of a PostgreSQL database. Empty: register.sqlite in
	// the record.
	Database string `toml:"database"`
	// Media says which programs look into films, and how they are kept.
	Media mediaSettings `toml:"media,omitempty"`
	// SignOn lets people in whom another system vouches for. Empty: none does.
	SignOn signOnSettings `toml:"signon,omitempty"`
	// Alert says when refused attempts of one office raise an alert. Empty: as
	// the program has it.
	Alert alertSettings `toml:"alert,omitempty"`
}

// mediaSettings is the table media. Empty: Debian's ffmpeg in bubblewrap.
type mediaSettings struct {
	FFmpeg     string `toml:"ffmpeg,omitempty"`
	FFprobe    string `toml:"ffprobe,omitempty"`
	Bubblewrap string `toml:"bubblewrap,omitempty"`
	Sandbox    string `toml:"sandbox,omitempty"` // required, or none: the operator's word that this machine is one
	Scratch    string `toml:"scratch,omitempty"` // a folder for nameless files, for films larger than memory takes
}

// tools are the programs the settings name.
func (s settings) tools() (*media.Tools, error) {
	m := s.Media
	switch m.Sandbox {
	case "", "required", "none":
	default:
		return nil, jurat.Errorf(jurat.Invalid, "%s: sandbox = %q under media; want required or none", settingsFile, m.Sandbox)
	}
	return media.New(media.Settings{FFmpeg: m.FFmpeg, FFprobe: m.FFprobe, Bubblewrap: m.Bubblewrap, Unconfined: m.Sandbox == "none", Scratch: m.Scratch}), nil
}

// alertSettings is the table alert.
type alertSettings struct {
	Refused int    `toml:"refused,omitempty"` // attempts behind a wall, by one office
	Within  string `toml:"within,omitempty"`  // such as 1h, or 30m
}

// watch is the watch the settings name.
func (s settings) watch() (desk.Watch, error) {
	w := desk.WatchNow
	if s.Alert.Refused != 0 {
		w.Refused = s.Alert.Refused
	}
	if s.Alert.Within != "" {
		var err error
		if w.Within, err = time.ParseDuration(s.Alert.Within); err != nil {
			return w, jurat.Because(jurat.Invalid, err, "%s: within = %q under alert; want a time such as 1h or 30m", settingsFile, s.Alert.Within)
		}
	}
	if err := w.Check(); err != nil {
		return w, jurat.Because(jurat.Invalid, err, "%s, alert: %v", settingsFile, err)
	}
	return w, nil
}

const (
	settingsFile = "jurat.toml"
	registerFile = "register.sqlite"
	vaultFolder  = "vault"
	ledgerFolder = "ledger"
	keysFolder   = "keys"
	workFolder   = "work" // files while they are worked on
)

// A house is an open record.
type house struct {
	dir      string
	settings settings
	keys     keyring
	register *register.Register
	vault    *vault.Vault
	ledger   *ledger.Ledger
	media    *media.Tools
	desk     *desk.Desk
	wentOver bool // this run finished going over to a new log
}

func readSettings(dir string) (settings, error) {
	var s settings
	text, err := os.ReadFile(filepath.Join(dir, settingsFile))
	if errors.Is(err, os.ErrNotExist) {
		return s, jurat.Errorf(jurat.Unavailable, "%s is not a record: it has no %s; make one with: jurat init %s", dir, settingsFile, dir)
	}
	if err != nil {
		return s, jurat.Because(jurat.Unavailable, err, "read the settings")
	}
	meta, err := toml.Decode(string(text), &s)
	if err != nil {
		return s, jurat.Because(jurat.Invalid, err, "%s", filepath.Join(dir, settingsFile))
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return s, jurat.Errorf(jurat.Invalid, "%s: unknown setting %q; known are name, origin, keys, mirrors, database, media, signon, alert", filepath.Join(dir, settingsFile), unknown[0].String())
	}
	if s.Keys == "" {
		s.Keys = keysFolder
	}
	if !filepath.IsAbs(s.Keys) {
		s.Keys = filepath.Join(dir, s.Keys)
	}
	return s, nil
}

func writeSettings(dir string, s settings) error {
	text, err := toml.Marshal(s)
	if err != nil {
		return err
	}
	perm := fs.FileMode(0o644)
	if s.Database != "" {
		perm = 0o600 // a DSN may hold a password
	}
	return durable.WriteFile(filepath.Join(dir, settingsFile), text, perm)
}

// openRegister opens the database the settings name.
func openRegister(ctx context.Context, dir string, s settings) (*register.Register, error) {
	if s.Database != "" {
		return register.OpenPostgres(ctx, s.Database)
	}
	return register.OpenSQLite(ctx, filepath.Join(dir, registerFile))
}

// openHouse opens the record at dir. Close it.
func openHouse(ctx context.Context, dir string) (_ *house, err error) {
	h := &house{dir: dir}
	if h.settings, err = readSettings(dir); err != nil {
		return nil, err
	}
	if h.media, err = h.settings.tools(); err != nil {
		return nil, err
	}
	if h.keys, err = readKeys(h.settings.Keys); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.register, err = openRegister(ctx, dir, h.settings); err != nil {
		return nil, err
	}
	store, err := dirstore.Open(filepath.Join(dir, vaultFolder))
	if err != nil {
		return nil, err
	}
	if h.vault, err = vault.New(store, h.keys.wrapping, h.keys.duplicates); err != nil {
		return nil, err
	}
	if err := h.openLedger(ctx); err != nil {
		return nil, err
	}
	return h, h.openDesk(ctx)
}

// openDesk puts a desk before what is open; again, once the ledger is another.
func (h *house) openDesk(ctx context.Context) error {
	watch, err := h.settings.watch()
	if err != nil {
		return err
	}
	h.desk, err = desk.Open(ctx, desk.Doors{
		Register: h.register, Vault: h.vault, Ledger: h.ledger, Media: h.media, Origin: h.settings.Origin, Office: h.keys.office, KEK: h.keys.wrapping,
		Work: filepath.Join(h.dir, workFolder), Age: []age.Identity{h.keys.age}, Watch: watch, Keep: h.keepLetters,
	})
	return err
}

func (h *house) close() error {
	var errs []error
	if h.ledger != nil {
		errs = append(errs, h.ledger.Close())
	}
	if h.register != nil {
		errs = append(errs, h.register.Close())
	}
	return errors.Join(errs...)
}
