//go:build unix

package deployment

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/webtest"
)

// nobody is the user of the image.
const nobody = 65532

// image is a folder with the content of the image: the binary, /data and /tmp. As
// root, the services run as nobody with it as their root; otherwise without chroot.
type image struct {
	root string
	shut bool
}

func buildImage(t *testing.T) image {
	t.Helper()
	im := image{root: t.TempDir(), shut: os.Getuid() == 0 && runtime.GOOS == "linux"}
	// As `make static`, to use its build cache: -trimpath, which the Dockerfile adds,
	// would compile the standard library again.
	build := exec.Command("go", "build", "-ldflags", "-s -w", "-o", filepath.Join(im.root, "jpkimock"), ".")
	build.Dir = "../.."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return im
}

// container returns a command of the image with its own /data and without the
// environment of this machine.
func (im image) container(t *testing.T, env map[string]string, args ...string) *exec.Cmd {
	t.Helper()
	root := t.TempDir()
	for _, dir := range []string{"data", "tmp"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	binary := filepath.Join(root, "jpkimock")
	if err := os.Link(filepath.Join(im.root, "jpkimock"), binary); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, args...)
	cmd.Env = []string{}
	for k, v := range env {
		if k == "JPKIMOCK_DATA" && !im.shut {
			v = filepath.Join(root, v)
		}
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	if im.shut {
		for _, dir := range []string{"", "data", "tmp"} {
			if err := os.Chown(filepath.Join(root, dir), nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
		cmd.Path, cmd.Dir = "/jpkimock", "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return cmd
}

// The services of compose.yaml with its settings, each on a loopback address
// instead of in a container, find each other; the seed plants the world, and an
// account is opened across four processes.
func TestTheTownOfComposeOpensAnAccount(t *testing.T) {
	im, c := buildImage(t), readCompose(t)
	base := freePorts(t)
	address := map[string]string{}
	var rename []string
	for i, h := range ecosystem.Houses() {
		address[h.Name] = fmt.Sprintf("127.0.0.%d", 31+i)
		url := fmt.Sprintf("http://%s:%d", address[h.Name], base+h.Place)
		port := ecosystem.DefaultBasePort + h.Place
		rename = append(rename, fmt.Sprintf("http://localhost:%d", port), url, fmt.Sprintf("http://%s:%d", h.Name, port), url)
	}
	here := strings.NewReplacer(rename...)
	run := func(name string, command ...string) *exec.Cmd {
		env := map[string]string{}
		for k, v := range c.Services[name].Environment {
			env[k] = here.Replace(v)
		}
		env["JPKIMOCK_LISTEN"] = address[name]
		return im.container(t, env, command...)
	}
	urls := map[string]string{}
	for _, h := range ecosystem.Houses() {
		urls[h.Name] = fmt.Sprintf("http://%s:%d", address[h.Name], base+h.Place)
		startService(t, h.Name, run(h.Name, append(c.Services[h.Name].Command, "--base-port", fmt.Sprint(base))...))
	}
	for _, h := range ecosystem.Houses() {
		awaitHealth(t, func() *exec.Cmd { return run(h.Name, "health", urls[h.Name]) })
	}
	for range 2 { // compose runs it at every up: the second time it changes nothing
		if out, err := run("seed", "seed").CombinedOutput(); err != nil {
			t.Fatalf("seed: %v\n%s", err, out)
		}
	}
	openAccount(t, urls)
}

// freePorts finds a base port for which the ports of all houses are free.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 50 {
		l, err := net.Listen("tcp", ":0")
		if err != nil {
			t.Fatal(err)
		}
		base := l.Addr().(*net.TCPAddr).Port
		free := true
		for _, h := range ecosystem.Houses() {
			if h.Place == 0 {
				continue
			}
			n, err := net.Listen("tcp", fmt.Sprintf(":%d", base+h.Place))
			if free = err == nil; !free {
				break
			}
			_ = n.Close()
		}
		_ = l.Close()
		if free {
			return base
		}
	}
	t.Fatal("found no consecutive free ports")
	return 0
}

// startService starts a house, and stops it as a container engine does.
func startService(t *testing.T, name string, cmd *exec.Cmd) {
	t.Helper()
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		late := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s did not stop cleanly on SIGTERM: %v", name, err)
		}
		late.Stop()
		if t.Failed() {
			t.Logf("%s:\n%s", name, log.String())
		}
	})
}

// awaitHealth runs a health check until it succeeds.
func awaitHealth(t *testing.T, check func() *exec.Cmd) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		out, err := check().CombinedOutput()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("never healthy: %v\n%s", err, out)
		case <-tick.C:
		}
	}
}

// openAccount opens an account as a script does.
func openAccount(t *testing.T, urls map[string]string) {
	t.Helper()
	client := webtest.NewBrowser(t, "")
	client.Timeout = 30 * time.Second
	var draft struct{ Document map[string]any }
	client.Calls(http.MethodPost, urls["bank"]+"/accounts/draft", map[string]any{"purpose": "living", "branch": "901"}, &draft).Says(http.StatusOK)
	var signed struct{ CMS string }
	client.Calls(http.MethodPost, urls["card"]+"/v1/sign", map[string]any{
		"card": "card-hanako", "pin": "HANAKO123", "origin": urls["bank"], "document": draft.Document,
	}, &signed).Says(http.StatusOK)
	var opened struct{ Account struct{ Number string } }
	client.Calls(http.MethodPost, urls["bank"]+"/accounts", map[string]any{"cms": signed.CMS}, &opened).Says(http.StatusCreated)
	if opened.Account.Number == "" {
		t.Error("an account without a number")
	}
}
