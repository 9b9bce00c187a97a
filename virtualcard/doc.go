// Package virtualcard is the Individual Number Card (マイナンバーカード) at APDU
// level.
package virtualcard
