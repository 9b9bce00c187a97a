package deployment

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"example.jp/jpkimock/internal/ecosystem"
)

// compose is what the tests read of compose.yaml.
type compose struct {
	Services map[string]service `yaml:"services"`
	Volumes  map[string]any     `yaml:"volumes"`
}

type service struct {
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Ports       []string          `yaml:"ports"`
	Volumes     []string          `yaml:"volumes"`
	DependsOn   map[string]struct {
		Condition string `yaml:"condition"`
	} `yaml:"depends_on"`
	Healthcheck struct {
		Test    []string `yaml:"test"`
		Disable bool     `yaml:"disable"`
	} `yaml:"healthcheck"`
}

func readCompose(t *testing.T) compose {
	t.Helper()
	b, err := os.ReadFile("../../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return parseCompose(t, b)
}

func parseCompose(t *testing.T, text []byte) compose {
	t.Helper()
	var c compose
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// settings returns the names of the environment that the program reads: those in
// the source of main.go, and those of the houses.
func settings(t *testing.T, houses []ecosystem.House) []string {
	t.Helper()
	source, err := os.ReadFile("../../main.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`"JPKIMOCK_[A-Z_]*[A-Z]"`).FindAllString(string(source), -1)
	if len(names) == 0 {
		t.Fatal("main.go reads no settings")
	}
	for i := range names {
		names[i] = strings.Trim(names[i], `"`)
	}
	for _, h := range houses {
		names = append(names, h.Settings()...)
	}
	return names
}

// There is one service for each house and one for the seed, each with the settings
// and the addresses of its house.
func TestComposeFitsTheHouses(t *testing.T) {
	houses := ecosystem.Houses()
	for _, complaint := range readCompose(t).check(houses, settings(t, houses)) {
		t.Error(complaint)
	}
}

// check says what of compose.yaml does not fit the houses of a town. known are the
// settings that the program reads.
func (c compose) check(houses []ecosystem.House, known []string) (complaints []string) {
	want := []string{"seed"}
	for _, h := range houses {
		want = append(want, h.Name)
	}
	got := slices.Collect(maps.Keys(c.Services))
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return []string{fmt.Sprintf("services %q: want one for each house and the seed: %q", got, want)}
	}
	for name, s := range c.Services {
		complaints = append(complaints, c.checkService(name, s, known)...)
	}
	for _, h := range houses {
		complaints = append(complaints, c.checkAddresses(h)...)
		if _, waits := c.Services["seed"].DependsOn[h.Name]; !waits && h.Name != "lobby" {
			complaints = append(complaints, fmt.Sprintf("the seed does not wait for %s", h.Name))
		}
	}
	return complaints
}

// checkService checks what a service runs, and that what it names exists.
func (c compose) checkService(name string, s service, known []string) (complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	if !slices.Equal(s.Command, []string{name}) {
		complain("service %s runs %q", name, s.Command)
	}
	for key := range s.Environment {
		if !slices.Contains(known, key) {
			complain("service %s sets %s, which the program does not read", name, key)
		}
	}
	for other := range s.DependsOn {
		if _, ok := c.Services[other]; !ok {
			complain("service %s depends on %s, which does not exist", name, other)
		}
	}
	for _, v := range s.Volumes {
		volume, _, _ := strings.Cut(v, ":")
		if _, ok := c.Volumes[volume]; !ok {
			complain("service %s mounts %s, which is not declared", name, volume)
		}
	}
	return complaints
}

// checkAddresses checks that a house is published at its public address on this
// machine alone, that every service is told where it is, and that it is asked for
// its health at its own port.
func (c compose) checkAddresses(h ecosystem.House) (complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	own, port := c.Services[h.Name], ecosystem.DefaultBasePort+h.Place
	if want := fmt.Sprintf("127.0.0.1:%d:%d", port, port); !slices.Equal(own.Ports, []string{want}) {
		complain("%s publishes %q: want %q", h.Name, own.Ports, want)
	}
	if want := []string{"CMD", "/jpkimock", "health", fmt.Sprintf("http://127.0.0.1:%d", port)}; !slices.Equal(own.Healthcheck.Test, want) {
		complain("%s is asked for its health by %q: want %q", h.Name, own.Healthcheck.Test, want)
	}
	for key, want := range map[string]string{
		"PUBLIC": fmt.Sprintf("http://localhost:%d", port),
		"PEER":   fmt.Sprintf("http://%s:%d", h.Name, port),
	} {
		for name, s := range c.Services {
			setting := "JPKIMOCK_" + strings.ToUpper(h.Name) + "_" + key
			if got := s.Environment[setting]; got != want {
				complain("service %s has %s=%q: want %q", name, setting, got, want)
			}
		}
	}
	return complaints
}

// A further house needs its entry in compose.yaml and nothing else there; an entry
// that lacks any of its parts is found.
func TestAFurtherHouseNeedsOneEntry(t *testing.T) {
	houses := append(ecosystem.Houses(), ecosystem.House{Name: "clinic", Place: 9})
	known := settings(t, houses)
	entry := []struct{ before, part string }{
		{"  JPKIMOCK_LOBBY_PUBLIC:", "  JPKIMOCK_CLINIC_PUBLIC: http://localhost:8089\n"},
		{"  JPKIMOCK_LOBBY_PUBLIC:", "  JPKIMOCK_CLINIC_PEER: http://clinic:8089\n"},
		{"    healthcheck: {disable: true}", "      clinic: {condition: service_healthy}\n"},
		{"  lobby:\n    <<: *house", `  clinic:
    <<: *house
    command: [clinic]
    ports: ["127.0.0.1:8089:8089"]
    volumes: ["clinic:/data"]
    healthcheck:
      <<: *well
      test: [CMD, /jpkimock, health, "http://127.0.0.1:8089"]

`},
		{"  authority:\n  card:\n", "  clinic:\n"},
	}
	text, err := os.ReadFile("../../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for without := range len(entry) + 1 {
		with := string(text)
		for i, e := range entry {
			if !strings.Contains(with, e.before) {
				t.Fatalf("compose.yaml has no %q", e.before)
			}
			if i != without {
				with = strings.Replace(with, e.before, e.part+e.before, 1)
			}
		}
		complaints := parseCompose(t, []byte(with)).check(houses, known)
		switch whole := without == len(entry); {
		case whole && len(complaints) > 0:
			t.Errorf("the entry does not suffice: %q", complaints)
		case !whole && len(complaints) == 0:
			t.Errorf("nothing complains without %q", entry[without].part)
		}
	}
}

// The image contains only the binary, so nothing else can run in it.
func TestTheImageRunsNothingButTheBinary(t *testing.T) {
	b, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, image, ok := strings.Cut(string(b), "\nFROM scratch\n")
	if !ok {
		t.Fatal("the image is not built from scratch")
	}
	for _, want := range []string{`ENTRYPOINT ["/jpkimock"]`, "USER 65532:65532", "VOLUME /data", "/tmp"} {
		if !strings.Contains(image, want) {
			t.Errorf("the image lacks %q", want)
		}
	}
	if strings.Contains(image, "\nRUN ") {
		t.Error("RUN needs a shell, which the image lacks")
	}
	for _, name := range regexp.MustCompile(`JPKIMOCK_[A-Z_]+`).FindAllString(image, -1) {
		if !slices.Contains(settings(t, ecosystem.Houses()), name) {
			t.Errorf("the image sets %s, which the program does not read", name)
		}
	}
	for _, h := range ecosystem.Houses() {
		if h.Place < 0 || h.Place > 9 {
			t.Errorf("%s is not at one of the ports that the image exposes", h.Name)
		}
	}
	if want := fmt.Sprintf("EXPOSE %d-%d\n", ecosystem.DefaultBasePort, ecosystem.DefaultBasePort+9); !strings.Contains(image, want) {
		t.Errorf("the image lacks %q", want)
	}
}
