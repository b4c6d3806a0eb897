// Makes record.json from docs/records.md with Go's standard library alone:
//
//	go run record.go > record.json
package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// Bytes that differ from field to field, so that no two can be mixed up.
func bytes(from byte, length int) []byte {
	out := make([]byte, length)
	for i := range out {
		out[i] = from + byte(i)
	}
	return out
}

func number(value uint32) []byte { return binary.BigEndian.AppendUint32(nil, value) }

func seconds(value uint64) []byte { return binary.BigEndian.AppendUint64(nil, value) }

func fields(all ...[]byte) []byte {
	var out []byte
	for _, field := range all {
		out = append(append(out, number(uint32(len(field)))...), field...)
	}
	return out
}

func name(lookup []byte, label string, what []byte) string {
	mac := hmac.New(sha256.New, lookup)
	mac.Write([]byte(label))
	mac.Write(what)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func seal(key, nonce, associated, plain []byte) []byte {
	gcm := must(cipher.NewGCM(must(aes.NewCipher(key))))
	return append(append([]byte{}, nonce...), gcm.Seal(nil, nonce, plain, associated)...)
}

func main() {
	token, lookup, share := bytes(0x10, 16), bytes(0x40, 32), bytes(0x80, 32)
	dek, salt := bytes(0xa0, 32), bytes(0xc0, 32)
	created, expires := uint64(1767225600), uint64(1798761600) // 2026-01-01 and 2027-01-01
	metadata := []byte(`{"dataType":"string"}`)
	id := name(lookup, "lunasec.dev/record/v1", token)
	creator := name(lookup, "lunasec.dev/session/v1", fields([]byte("shop"), []byte("session-1")))

	payload := append(append([]byte{}, dek...), seconds(19+1)...)
	payload = append(append(payload, number(uint32(len(creator)))...), creator...)
	payload = append(payload, metadata...)

	innerKey := must(hkdf.Key(sha256.New, token, []byte(id), "lunasec.dev/inner/v1", 32))
	outerKey := must(hkdf.Key(sha256.New, share, salt, "lunasec.dev/outer/v1"+id, 32))
	inner := seal(innerKey, bytes(0x01, 12),
		fields([]byte("lunasec.dev/inner/v1"), number(1), []byte(id), seconds(created), seconds(expires)), payload)
	body := seal(outerKey, bytes(0x21, 12),
		fields([]byte("lunasec.dev/outer/v1"), number(1), []byte(id), number(3), seconds(created), seconds(expires), salt), inner)

	b64 := base64.StdEncoding.EncodeToString
	record := fmt.Sprintf(`{"version":1,"id":"%s","share":3,"created":"2026-01-01T00:00:00Z","expires":"2027-01-01T00:00:00Z","salt":"%s","body":"%s"}`,
		id, b64(salt), b64(body))
	fmt.Println(string(must(json.MarshalIndent(map[string]string{
		"token":   "lunasec-10111213-1415-1617-1819-1a1b1c1d1e1f",
		"lookup":  hex.EncodeToString(lookup),
		"share-3": hex.EncodeToString(share),
		"id":      id,
		"name":    name(lookup, "lunasec.dev/object/v1", token),
		"creator": creator,
		"dek":     hex.EncodeToString(dek),
		"record":  record,
	}, "", "  "))))
}
