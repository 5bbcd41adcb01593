//go:build unix

package registertest

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"jurat/internal/register"
)

// A Postgres is a PostgreSQL server for the tests of one program: make one in
// TestMain, stop it after the run. It is started by the first test that asks
// for a database, from the newest of the versions Debian installs, without
// flushes and on a socket in a temporary folder.
type Postgres struct {
	once   sync.Once
	err    error // why there is none
	dir    string
	server *exec.Cmd
	made   int
	mu     sync.Mutex
}

// installed is where Debian puts the programs of each version.
const installed = "/usr/lib/postgresql/*/bin/initdb"

// Database gives the connection string of a new empty database (a schema of
// its own in one database: that is made in a tenth of the time), which is
// dropped after t. Where no server can be had it skips t and says why; with
// JURAT_REQUIRE=all that is a failure.
func (p *Postgres) Database(t testing.TB) string {
	t.Helper()
	p.once.Do(func() { p.err = p.start() })
	if p.err != nil {
		if os.Getenv("JURAT_REQUIRE") == "all" {
			t.Fatalf("PostgreSQL is required here: %v", p.err)
		}
		t.Skipf("SKIPPED: not tested on PostgreSQL: %v", p.err)
	}
	p.mu.Lock()
	p.made++
	name := fmt.Sprintf("t%d", p.made)
	p.mu.Unlock()
	if err := p.admin("create schema " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.admin("drop schema " + name + " cascade"); err != nil {
			t.Error(err)
		}
	})
	return p.dsn(name)
}

// Open opens a register on a new database and closes it after t.
func (p *Postgres) Open(t testing.TB) *register.Register {
	t.Helper()
	dsn := p.Database(t)
	r, err := register.OpenPostgres(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// Stop ends the server, if one was started.
func (p *Postgres) Stop() {
	if p.server != nil {
		_ = p.server.Process.Signal(syscall.SIGQUIT) // at once: nothing of it is kept
		_ = p.server.Wait()
	}
	if p.dir != "" {
		os.RemoveAll(p.dir)
	}
}

func (p *Postgres) dsn(schema string) string {
	return "host=" + p.dir + " user=jurat dbname=postgres search_path=" + schema
}

func (p *Postgres) admin(statement string) error {
	db, err := sql.Open("pgx", p.dsn("public"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

func (p *Postgres) start() error {
	found, err := filepath.Glob(installed)
	if err != nil || len(found) == 0 {
		return errors.New("no " + installed + " (apt-get install postgresql)")
	}
	slices.Sort(found)
	bin := filepath.Dir(found[len(found)-1])
	as, err := p.makeRoom()
	if err != nil {
		return err
	}
	data := filepath.Join(p.dir, "data")
	// Ordered by a language's rules, so that what must not depend on it is seen.
	initdb := p.command(as, filepath.Join(bin, "initdb"), "-N", "-A", "trust", "-U", "jurat", "-E", "UTF8",
		"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "-D", data)
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	p.server = p.command(as, filepath.Join(bin, "postgres"), "-D", data, "-k", p.dir, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "deadlock_timeout=20ms", "-c", "max_connections=400", "-c", "shared_buffers=64MB")
	log, err := os.Create(filepath.Join(p.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	p.server.Stdout, p.server.Stderr = log, log
	if err := p.server.Start(); err != nil {
		p.server = nil
		return err
	}
	for range 300 {
		if err = p.admin("select 1"); err == nil {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	said, _ := os.ReadFile(log.Name())
	return fmt.Errorf("the server did not come up: %w: %s", err, said)
}

// makeRoom makes the server's folder and says as whom the server runs: it
// refuses to be root.
func (p *Postgres) makeRoom() (*syscall.Credential, error) {
	dir, err := os.MkdirTemp("", "jpg")
	if err != nil {
		return nil, err
	}
	p.dir = dir
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("root may not run the server, and there is no other user for it: %w", err)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(os.Chmod(dir, 0o755), os.Chown(dir, uid, gid))
}

func (p *Postgres) command(as *syscall.Credential, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = p.dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = server(as)
	return cmd
}
