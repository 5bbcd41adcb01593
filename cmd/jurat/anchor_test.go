package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jurat/format"
)

// A dossier whose checkpoint nobody else signed proves nothing against its own
// city; one that was cosigned and time-stamped shows by whom and when, and a
// stranger can check both with other programs.
func TestADossierEmbedsWhatWitnessesAndAuthoritiesAnswered(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("JURAT_REQUIRE") != "" {
			t.Fatal("openssl is not installed")
		}
		t.Skip("SKIPPED: openssl is not installed")
	}
	dir := t.TempDir()
	tour, meet := filepath.Join(dir, "tour"), filepath.Join(dir, "meet")
	must(t, "demo", "--dir", tour)
	if err := os.Mkdir(meet, 0o755); err != nil {
		t.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	vkey, err := format.WitnessKey("witness.example/court-clerk", public)
	if err != nil {
		t.Fatal(err)
	}
	witnesses := filepath.Join(dir, "witnesses.json")
	write(t, witnesses, trustWith(t, filepath.Join(tour, "trust.json"), vkey))
	authority(t, openssl, meet)

	answered := make(chan error, 1)
	go func() { answered <- answer3161AndCosign(openssl, meet, private) }()
	must(t, "--dir", filepath.Join(tour, "city"), "refer", "supplement", incidentOf(t, tour)+"-K1", "--out", filepath.Join(dir, "third.zip"),
		"--sign", filepath.Join(tour, "people", "detective-2208.key"), "--anchor", meet, "--witnesses", witnesses, "--roots", filepath.Join(meet, "ca.pem"), "--anchor-wait", "60s")
	if err := <-answered; err != nil {
		t.Fatal(err)
	}

	verify := func(args ...string) (int, report) {
		status, out, _ := try(t, append([]string{"--json", "verify", "--previous", filepath.Join(tour, "dossier-2.zip"), "--trust", witnesses}, append(args, filepath.Join(dir, "third.zip"))...)...)
		var r report
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatal(err)
		}
		return status, r
	}
	status, r := verify("--roots", filepath.Join(meet, "ca.pem"))
	if status != exitYes {
		t.Errorf("with witness and roots: exit %d: %+v", status, r)
	}
	for _, n := range r.NotChecked {
		if strings.HasPrefix(n, "previous: ") {
			continue // the dossiers before it were not anchored
		}
		if strings.Contains(n, "split view") || strings.Contains(n, "time-stamp") {
			t.Errorf("still not checked: %s", n)
		}
	}
	// By the book of VERIFY.md, with nothing of ours.
	if out, err := exec.Command("sh", "-c", "cd "+dir+" && unzip -q third.zip && cd jurat-*-2 && head -n 3 jurat/checkpoint > head.txt && openssl ts -verify -data head.txt -in jurat/tokens/1.tsr -CAfile "+meet+"/ca.pem").CombinedOutput(); err != nil || !strings.Contains(string(out), "Verification: OK") {
		t.Errorf("openssl ts -verify: %v: %s", err, out)
	}
}

// incidentOf is the incident of the demonstration that was referred.
func incidentOf(t *testing.T, tour string) string {
	t.Helper()
	all := strings.Fields(strings.ReplaceAll(must(t, "--json", "--dir", filepath.Join(tour, "city"), "incident", "list"), `"`, " "))
	for i := len(all) - 1; i >= 0; i-- {
		if strings.Count(all[i], "-") == 1 && strings.HasSuffix(all[i], "-000001") {
			return all[i]
		}
	}
	t.Fatalf("no incident in %v", all)
	return ""
}

func trustWith(t *testing.T, path, witness string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := format.ParseTrust(text)
	if err != nil {
		t.Fatal(err)
	}
	trust.Witnesses, trust.Quorum = []string{witness}, 1
	out, err := trust.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// authority makes a time-stamping authority with OpenSSL.
func authority(t *testing.T, openssl, dir string) {
	t.Helper()
	write(t, filepath.Join(dir, "ext"), []byte("extendedKeyUsage=critical,timeStamping\n"))
	write(t, filepath.Join(dir, "serial"), []byte("01\n"))
	write(t, filepath.Join(dir, "tsa.cnf"), []byte("[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3\ndigests=sha256\ness_cert_id_alg=sha256\n"))
	for _, args := range []string{
		"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=Test-root -days 30",
		"req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr -subj /CN=Test-authority",
		"x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30 -extfile ext",
	} {
		cmd := exec.CommandContext(t.Context(), openssl, strings.Fields(args)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %s: %v: %s", args, err, out)
		}
	}
}

// answer3161AndCosign is the other side of the folder: a witness and a
// time-stamping authority.
func answer3161AndCosign(openssl, dir string, key ed25519.PrivateKey) error {
	var note []byte
	for range 300 {
		var err error
		if note, err = os.ReadFile(filepath.Join(dir, anchorCheckpoint)); err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	cosigned, err := format.Cosign(note, "witness.example/court-clerk", key, time.Now())
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, ".cosigned"), cosigned, 0o600); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, ".cosigned"), filepath.Join(dir, anchorCosigned)); err != nil {
		return err
	}
	cmd := exec.Command("sh", "-c", "head -n 3 checkpoint > head.txt && "+openssl+" ts -query -data head.txt -sha256 -cert -out q.tsq && "+
		openssl+" ts -reply -config tsa.cnf -section t -queryfile q.tsq -out .token && mv .token "+anchorToken)
	cmd.Dir = dir
	return cmd.Run()
}
