package helpers // want unplanned
