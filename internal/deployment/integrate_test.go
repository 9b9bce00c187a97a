//go:build unix

package deployment

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// section is a heading of docs/integrate.md with what stands below it.
type section struct {
	level int // 2 or 3
	name  string
	text  string
}

var (
	heading = regexp.MustCompile(`(?m)^(#{2,3}) (.*)$`)
	fenced  = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
	tried   = regexp.MustCompile(`\*\*Tried with\*\* [^.]*\d`)
)

// typed are the sections that are typed, each with the programs that it needs beside
// those of the section "Before you start". The others that have commands are tried
// by hand, and say with which version.
var typed = map[string][]string{
	"Before you start":                nil,
	"Sign-in over OpenID Connect":     nil,
	"TLS with the card's certificate": nil,
	"OpenSSL":                         nil,
	"GnuTLS":                          {"certtool", "ocsptool"},
	"NSS":                             {"certutil", "vfychain"},
	"gpgsm":                           {"gpgsm", "gpgconf"},
	"Python cryptography":             {"python3"},
	"curl, step by step":              nil,
	"Test persons, without a card":    nil,
	"openid-client 5":                 {"node"},
	"openid-client 6":                 {"node"},
	"Authlib":                         {"python3"},
	"nginx":                           {"nginx", "gnutls-cli"},
	"Web eID libraries":               nil,
	"A moved clock":                   {"faketime"},
}

// blocks joins the fenced blocks of a language.
func (s section) blocks(language string) string {
	var all strings.Builder
	for _, b := range fenced.FindAllStringSubmatch(s.text, -1) {
		if b[1] == language {
			all.WriteString(b[2])
		}
	}
	return all.String()
}

// readSections reads a page of docs. What looks like a heading inside a block is
// a comment of a script.
func readSections(t *testing.T, page string) []section {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + page)
	if err != nil {
		t.Fatal(err)
	}
	var all []section
	inside := false
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "```") {
			inside = !inside
		}
		if h := heading.FindStringSubmatch(strings.TrimSuffix(line, "\n")); h != nil && !inside {
			all = append(all, section{level: len(h[1]), name: h[2]})
		} else if len(all) > 0 {
			all[len(all)-1].text += line
		}
	}
	return all
}

// What the script of all sections prints when one starts, and when it has worked.
const starts, worked = "== a section starts", "== it has worked"

// scriptOf joins the commands of sections. What is typed in a subsection stays there,
// and one that fails does not keep the next from its turn.
func scriptOf(sections []section) string {
	var script strings.Builder
	for _, s := range sections {
		fmt.Fprintf(&script, "echo '%s'\n", starts)
		if s.level == 2 {
			fmt.Fprintf(&script, "%s\necho '%s'\n", s.blocks("sh"), worked)
		} else {
			fmt.Fprintf(&script, "set +e\n(set -e\n%s\necho '%s')\nset -e\n", s.blocks("sh"), worked)
		}
	}
	return script.String()
}

// The commands of docs/integrate.md are typed against a town from top to bottom, in one
// folder and unchanged except for ports and the place of the checkout. What the page
// shows is said.
func TestOtherPeoplesProgramsWorkAsThePageSays(t *testing.T) {
	others := strings.Split(os.Getenv("PATH"), ":")
	// The system's own programs first, such as the Python that has its packages.
	t.Setenv("PATH", "/usr/bin:/usr/sbin:"+os.Getenv("PATH"))
	needs(t, "bash", "curl", "openssl", "jq", "basenc")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Cleanup(func() { stopServers(dir) })
	sections := typedSections(t, dir)
	here := strings.NewReplacer(append(portsOf(startTown(t)), "~/jpkimock", root, "8443", freePort(t))...)
	says(t, sections, types(t, dir, here.Replace(scriptOf(sections))))
	t.Run("Python cryptography of any version", func(t *testing.T) { checksWithEveryPython(t, dir, others) })
}

// checksWithEveryPython runs the page's check.py with each Python in folders that has the package
// cryptography: a newer one, too, warns of nothing.
func checksWithEveryPython(t *testing.T, dir string, folders []string) {
	for _, folder := range folders {
		python := filepath.Join(folder, "python3")
		version, err := exec.Command(python, "-c", "import cryptography; print(cryptography.__version__)").Output()
		if err != nil {
			continue
		}
		check := exec.Command(python, "-W", "error", "check.py")
		check.Dir = dir
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("cryptography %s of %s: %v: %s", strings.TrimSpace(string(version)), python, err, out)
		}
	}
}

// says wants of what sections have printed that it has what they show.
func says(t *testing.T, sections []section, printed string) {
	t.Helper()
	said := strings.Split(printed, starts)
	for i, s := range sections {
		t.Run(s.name, func(t *testing.T) {
			out := said[i+1]
			if !strings.Contains(out, worked) {
				t.Fatalf("failed:%s", out)
			}
			for want := range strings.Lines(s.blocks("text")) {
				if !strings.Contains(out, strings.TrimSpace(want)) {
					t.Errorf("they do not say %q:%s", strings.TrimSpace(want), out)
				}
			}
		})
	}
}

// The commands of the pages on formats and on time are typed after those with which
// integrate.md starts, and print what the pages show.
func TestFormatsAndTimeAreAsThePagesSay(t *testing.T) {
	t.Setenv("PATH", "/usr/bin:/usr/sbin:"+os.Getenv("PATH"))
	needs(t, "bash", "curl", "openssl", "jq", "faketime")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	sections := readSections(t, "integrate.md")[:1]
	for _, page := range []string{"formats.md", "time.md"} {
		sections = append(sections, readSections(t, page)...)
	}
	here := strings.NewReplacer(append(portsOf(startTown(t)), "~/jpkimock", root)...)
	says(t, sections, types(t, t.TempDir(), here.Replace(scriptOf(sections))))
}

// typedSections gives the sections whose commands are typed, and lays into dir what they
// need. A section whose programs are missing is skipped.
func typedSections(t *testing.T, dir string) []section {
	t.Helper()
	var found []section
	left := maps.Clone(typed)
	for _, s := range readSections(t, "integrate.md") {
		programs, ok := typed[s.name]
		delete(left, s.name)
		if !ok && s.blocks("sh") != "" && !tried.MatchString(s.text) {
			t.Errorf("%q is not typed here, and does not say \"**Tried with** PROGRAM VERSION\"", s.name)
		}
		if ok {
			t.Run("programs/"+s.name, func(t *testing.T) {
				needs(t, programs...)
				bringModules(t, s, dir)
				found = append(found, s)
			})
		}
	}
	if len(left) > 0 {
		t.Errorf("no sections for %v", left)
	}
	return found
}

// npmPackage is how a section names the npm package that it needs.
var npmPackage = regexp.MustCompile("npm package `[^`]*` \\(([0-9.]+)\\)")

// ownFolder is how a section makes a folder of its own.
var ownFolder = regexp.MustCompile(`(?m)^mkdir -p ([a-z]+) &&`)

// bringModules lays the npm packages that setup.sh has installed into the folder of
// a section that names one.
func bringModules(t *testing.T, s section, dir string) {
	t.Helper()
	named := npmPackage.FindStringSubmatch(s.text)
	if named == nil {
		return
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	name, _, _ := strings.Cut(s.name, " ")
	modules := filepath.Join(cache, "jpkimock", name+"-"+named[1], "node_modules")
	if _, err := os.Stat(modules); err != nil {
		lacks(t, err.Error()+"; see e2e/setup.sh programs")
	}
	if made := ownFolder.FindStringSubmatch(s.blocks("sh")); made != nil {
		dir = filepath.Join(dir, made[1])
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
}

// stopServers ends what a section that failed has left running, by the files in
// which servers keep their process.
func stopServers(dir string) {
	files, _ := filepath.Glob(filepath.Join(dir, "*.pid"))
	for _, f := range files {
		text, _ := os.ReadFile(f)
		if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
			_ = syscall.Kill(pid, syscall.SIGTERM)
		}
	}
}
