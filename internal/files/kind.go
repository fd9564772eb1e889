package files

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"
)

// kind is a kind of file that clients may upload.
type kind struct {
	contentType string
	looks       func(head []byte) bool // Whether the first bytes are such a file's.
}

// headSize is how many bytes of a file its kind is judged by.
const headSize = 512

// kindOf returns the kind of a file by the ending of its name.
func kindOf(name string) (kind, bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".wav":
		return kind{"audio/wav", func(head []byte) bool {
			return bytes.HasPrefix(head, []byte("RIFF")) && len(head) >= 12 && string(head[8:12]) == "WAVE"
		}}, true
	case ".mp3":
		return kind{"audio/mpeg", func(head []byte) bool {
			// A tag, or the eleven set bits that every frame begins with.
			return bytes.HasPrefix(head, []byte("ID3")) || len(head) >= 2 && head[0] == 0xff && head[1]&0xe0 == 0xe0
		}}, true
	case ".zip":
		return kind{"application/zip", isZip}, true
	case ".xlsx":
		return kind{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", isZip}, true
	case ".json":
		return kind{"application/json", isText}, true
	case ".csv":
		return kind{"text/csv; charset=utf-8", isText}, true
	}
	return kind{}, false
}

// Endings are the endings of the names of files that may be uploaded, for
// people to read.
const Endings = ".wav, .mp3, .zip, .xlsx, .json or .csv"

func isZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// isText reports whether bytes can begin a text in UTF-8; the last character
// may be cut off.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			return !utf8.FullRune(head)
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return false
		}
		head = head[n:]
	}
	return true
}
