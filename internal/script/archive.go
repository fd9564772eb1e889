package script

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/talkgraph/talkgraph/flow"
)

// Limits of an archive that somebody else made. What is in its files is
// measured again while they are read, whatever the archive says of itself.
const (
	maxUnpacked = 64 << 20 // Bytes of all files, as a bundle may have.
	maxEntries  = 10_000
)

// archiveFile is a file to be packed.
type archiveFile struct{ path, data string }

// packFiles makes a zip of files. The same files give the same bytes.
func packFiles(files []archiveFile) ([]byte, error) {
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	for _, f := range files {
		// Without a time: when it was packed is not part of what it is.
		entry, err := w.CreateHeader(&zip.FileHeader{Name: f.path, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write([]byte(f.data)); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

// isArchive tells a zip from a document.
func isArchive(data []byte) bool { return bytes.HasPrefix(data, []byte("PK")) }

// openArchive returns the files in a zip. It refuses one that says it is too
// large, holds paths that lead out of it or nowhere, or has two files of one
// name.
func openArchive(data []byte) (fs.FS, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("it is no zip archive that can be read: %w", err)
	}
	if len(archive.File) > maxEntries {
		return nil, fmt.Errorf("it has more than %d files", maxEntries)
	}
	names := make(map[string]bool, len(archive.File))
	unpacked := uint64(0)
	for _, f := range archive.File {
		name := strings.TrimSuffix(f.Name, "/")
		// A backslash is a separator to some, and a name to nobody.
		if !fs.ValidPath(name) || strings.Contains(name, `\`) {
			return nil, fmt.Errorf("%q is no path inside an archive", f.Name)
		}
		if names[name] {
			return nil, fmt.Errorf("it has %q twice", name)
		}
		names[name] = true
		if unpacked += f.UncompressedSize64; f.UncompressedSize64 > maxUnpacked || unpacked > maxUnpacked {
			return nil, errors.New("it has more than 64 MiB of files")
		}
	}
	return inFolder(archive), nil
}

// inFolder returns the files of the only folder with a script in it, where the
// script is not at the top: many programs pack a folder as such.
func inFolder(files fs.FS) fs.FS {
	if _, err := fs.Stat(files, flow.ScriptFile); err == nil {
		return files
	}
	scripts, err := fs.Glob(files, "*/"+flow.ScriptFile)
	if err != nil || len(scripts) != 1 {
		return files
	}
	if folder, err := fs.Sub(files, path.Dir(scripts[0])); err == nil {
		return folder
	}
	return files
}
