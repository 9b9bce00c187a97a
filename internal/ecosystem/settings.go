package ecosystem

import (
	"cmp"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"example.jp/jpkimock/internal/dbopen"
)

// withDefaults fills in what is empty.
func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Seed == "" {
		c.Seed = "default"
	}
	c.Houses = c.houses()
	c.own = map[string]bool{}
	keys := map[string]string{}
	for _, h := range c.Houses {
		for _, k := range h.Keys {
			keys[k.Name] = cmp.Or(c.Keys[k.Name], k.Test)
			c.own[k.Name] = keys[k.Name] != k.Test
		}
	}
	c.Keys = keys
	c.Databases = c.databases()
	elsewhere := strings.Join(slices.Collect(maps.Values(c.Databases)), "") != ""
	c.Snapshots = (c.Snapshots || c.Manage != "") && len(c.Only) == 0 && !elsewhere
	return c
}

// databases gives each party of a house that has an address one beside it.
func (c Config) databases() map[string]string {
	all := map[string]string{}
	for _, h := range c.Houses {
		all[h.Name] = c.Databases[h.Name]
		for _, p := range h.Parties {
			all[h.Name+"-"+p.Name] = dbopen.Beside(c.Databases[h.Name], p.Name)
		}
	}
	return all
}

func (c Config) houses() []House {
	if c.Houses == nil {
		return Houses()
	}
	return c.Houses
}

// Environment sets what the environment says of the houses: their addresses,
// databases and keys.
func (c *Config) Environment(env func(name string) string) {
	c.Public, c.Peer, c.Databases, c.Keys = map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}
	c.Servers = map[string]string{}
	for _, h := range c.houses() {
		for _, a := range []struct {
			what string
			to   map[string]string
		}{{"PUBLIC", c.Public}, {"PEER", c.Peer}, {"DATABASE", c.Databases}} {
			if v := env(h.setting(a.what)); v != "" {
				a.to[h.Name] = strings.TrimRight(v, "/")
			}
		}
		for _, name := range h.Servers {
			c.Servers[h.Name+" "+name] = env(h.setting(name))
		}
		for _, k := range h.Keys {
			c.Keys[k.Name] = env(k.setting())
		}
	}
}

// Settings returns the environment variables of a house.
func (h House) Settings() (names []string) {
	c := Config{Houses: []House{h}}
	c.Environment(func(name string) string {
		names = append(names, name)
		return ""
	})
	return names
}

// setting is the environment variable of a house's PUBLIC or PEER URL, or of its
// DATABASE.
func (h House) setting(what string) string {
	return "JPKIMOCK_" + strings.ToUpper(strings.ReplaceAll(h.Name, "-", "_")) + "_" + what
}

// setting is the environment variable of a key.
func (k Key) setting() string { return "JPKIMOCK_" + k.Name + "_KEY" }
