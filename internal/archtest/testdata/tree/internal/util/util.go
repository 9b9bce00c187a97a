package util // want unplanned
