package care

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/medical"
	medicalweb "example.jp/jpkimock/medical/web"
)

// folder is where an institution's receipt computer (レセプトコンピューター) looks for answers.
// It writes its requests under another name, and renames them into the folder requests,
// where each minute they are answered and removed. What is no request is put aside into the
// folder refused, with a text beside it that says why.
type folder string

const (
	requests, refused = "request", "refused"
	atOnce            = 100 // files; the others wait for the next time
)

// requestName is the name of a request; the answer has the same number.
var requestName = regexp.MustCompile(`^OQSsiquc01req_([A-Za-z0-9_-]{1,64})\.xml$`)

// hand puts a file where the receipt computer looks for it.
func (f folder) hand(name string, content []byte) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	return ready.WriteWhole(filepath.Join(string(f), name), content)
}

// desk answers requests; *reception.Desk is one.
type desk interface {
	Request(ctx context.Context, content []byte) ([]byte, error)
}

// answer answers the requests that lie there. While the platform is silent they stay.
func (f folder) answer(ctx context.Context, at desk) error {
	for _, name := range []string{requests, refused} {
		if err := os.MkdirAll(filepath.Join(string(f), name), 0o700); err != nil {
			return err
		}
	}
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return err
	}
	defer root.Close()
	in, err := root.Open(requests)
	if err != nil {
		return err
	}
	defer in.Close()
	found, err := in.Readdirnames(atOnce)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for _, name := range found {
		if err := f.one(ctx, root, name, at); err != nil {
			return err
		}
	}
	return nil
}

// one answers one request, or puts it aside.
func (f folder) one(ctx context.Context, root *os.Root, name string, at desk) error {
	content, err := request(root, name)
	if err == nil {
		content, err = at.Request(ctx, content)
	}
	if why := medicalweb.RequestRefusal(err); why != "" {
		return errors.Join(root.WriteFile(filepath.Join(refused, name[:min(len(name), 200)]+".txt"), []byte(why+"\n"), 0o600),
			root.Rename(filepath.Join(requests, name), filepath.Join(refused, name)))
	}
	if err != nil {
		return err
	}
	number := requestName.FindStringSubmatch(name)[1]
	return cmp.Or(f.hand("OQSsiquc01res_"+number+".xml", content), root.Remove(filepath.Join(requests, name)))
}

// request reads a request: a file of its own, and no more of it than a request may have.
func request(root *os.Root, name string) ([]byte, error) {
	path := filepath.Join(requests, name)
	is, err := root.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !is.Mode().IsRegular() || !requestName.MatchString(name) {
		return nil, medical.ErrRequest
	}
	file, err := root.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, medical.MaxRequest+1))
}
