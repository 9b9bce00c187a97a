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
	var c compose
	if err := yaml.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// settings gives the names of the environment that main.go reads, as its
// source has them: whole names, and a house's prefix with each suffix.
func settings(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("../../main.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`"JPKIMOCK_[A-Z_]*[A-Z]"`).FindAllString(string(source), -1)
	suffixes := regexp.MustCompile(`"_[A-Z]+"`).FindAllString(string(source), -1)
	if len(names) == 0 || len(suffixes) == 0 {
		t.Fatal("main.go reads no settings: has it changed its manner?")
	}
	for i := range names {
		names[i] = strings.Trim(names[i], `"`)
	}
	for _, h := range ecosystem.Houses() {
		for _, s := range suffixes {
			names = append(names, "JPKIMOCK_"+strings.ToUpper(h.Name)+strings.Trim(s, `"`))
		}
	}
	return names
}

func TestComposeKnowsEveryHouseAndNoUnknownSetting(t *testing.T) {
	c, known := readCompose(t), settings(t)
	want := []string{"seed"}
	for _, h := range ecosystem.Houses() {
		want = append(want, h.Name)
	}
	got := slices.Collect(maps.Keys(c.Services))
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("services %q: want one for each house and the seed: %q", got, want)
	}
	for name, s := range c.Services {
		if !slices.Equal(s.Command, []string{name}) {
			t.Errorf("service %s runs %q", name, s.Command)
		}
		for key := range s.Environment {
			if !slices.Contains(known, key) {
				t.Errorf("service %s sets %s, which main.go does not read", name, key)
			}
		}
		for other := range s.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("service %s depends on %s, which there is not", name, other)
			}
		}
		for _, v := range s.Volumes {
			if volume, _, _ := strings.Cut(v, ":"); !declared(c.Volumes, volume) {
				t.Errorf("service %s mounts %s, which is not declared", name, volume)
			}
		}
	}
}

func declared(volumes map[string]any, name string) bool {
	_, ok := volumes[name]
	return ok
}

// Every house is published at its public address on this machine alone, is
// told where the others are, and is asked for its health at its own port.
func TestComposeGivesEachHouseItsAddresses(t *testing.T) {
	c := readCompose(t)
	for _, h := range ecosystem.Houses() {
		s, port := c.Services[h.Name], ecosystem.DefaultBasePort+h.Place
		if want := fmt.Sprintf("127.0.0.1:%d:%d", port, port); !slices.Equal(s.Ports, []string{want}) {
			t.Errorf("%s publishes %q: want %q", h.Name, s.Ports, want)
		}
		if want := []string{"CMD", "/jpkimock", "health", fmt.Sprintf("http://127.0.0.1:%d", port)}; !slices.Equal(s.Healthcheck.Test, want) {
			t.Errorf("%s is asked for its health by %q: want %q", h.Name, s.Healthcheck.Test, want)
		}
		for key, want := range map[string]string{
			"PUBLIC": fmt.Sprintf("http://localhost:%d", port),
			"PEER":   fmt.Sprintf("http://%s:%d", h.Name, port),
		} {
			for name, s := range c.Services {
				setting := "JPKIMOCK_" + strings.ToUpper(h.Name) + "_" + key
				if got := s.Environment[setting]; got != want {
					t.Errorf("service %s has %s=%q: want %q", name, setting, got, want)
				}
			}
		}
	}
}

// The image has nothing but the binary, so whatever runs in it is the binary.
func TestTheImageRunsNothingButTheBinary(t *testing.T) {
	b, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, image, ok := strings.Cut(string(b), "\nFROM scratch\n")
	if !ok {
		t.Fatal("the image is not made from scratch")
	}
	for _, want := range []string{`ENTRYPOINT ["/jpkimock"]`, "USER 65532:65532", "VOLUME /data", "/tmp"} {
		if !strings.Contains(image, want) {
			t.Errorf("the image lacks %q", want)
		}
	}
	if strings.Contains(image, "\nRUN ") {
		t.Error("an empty image can RUN nothing")
	}
	for _, name := range regexp.MustCompile(`JPKIMOCK_[A-Z_]+`).FindAllString(image, -1) {
		if !slices.Contains(settings(t), name) {
			t.Errorf("the image sets %s, which main.go does not read", name)
		}
	}
}
