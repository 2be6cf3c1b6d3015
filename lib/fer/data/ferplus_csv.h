// Reader of FER+'s CSV (fer2013new.csv): the votes of ten people on each image of FER2013.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fer/data/face_set.h"

namespace fer::data {

struct FerPlusVotes {
  std::string source;
  at::Tensor votes;                 // uint8 [N,10], columns in the order of kVoteNames, CPU
  std::vector<Split> splits;        // [N]; `none` if the file has no Usage
  std::vector<std::int64_t> lines;  // [N], line of each row in the file, from 1
};

// Reads a CSV with the ten columns of kVoteNames and, optionally, `Usage`, in any order; names
// in any case and with blanks around them, fields in double quotes or not, lines ended by LF or
// CRLF, with or without a byte order mark. Other columns (`Image name`) are ignored.
// @throws fer::Error "FILE:LINE: column 'NAME': …" with the bad value and what is allowed, and for
// more than a million rows.
FerPlusVotes read_ferplus_csv(const std::filesystem::path& path);

// Gives each image of `set` its votes, row by row: FER+ has a row for each row of fer2013.csv, in
// its order. If these are too many, rows of splits that the set lacks are left out. Returns their
// number. @throws fer::Error if the numbers of rows then still differ, a row's Usage is not the
// image's split, or the set has votes already.
std::int64_t join_votes(FaceSet& set, const FerPlusVotes& ferplus);

}  // namespace fer::data
