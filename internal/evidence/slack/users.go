package slack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
)

// Users reads users.json of an export, or an answer of users.list, and returns
// the name of every user by id.
func Users(r io.Reader) (map[string]string, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read Slack users: %w", err)
	}
	var answer struct{ Members []user }
	list := &answer.Members
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		err = json.Unmarshal(data, list)
	} else {
		err = json.Unmarshal(data, &answer)
	}
	if err != nil {
		return nil, fmt.Errorf("read Slack users: %w", err)
	}
	names := make(map[string]string, len(*list))
	for _, u := range *list {
		if u.ID != "" {
			names[u.ID] = cmp.Or(u.RealName, u.Profile.name(), u.Name, u.ID)
		}
	}
	return names, nil
}

type user struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	RealName string   `json:"real_name"`
	Profile  *profile `json:"profile"`
}
