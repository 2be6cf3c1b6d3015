// Reader of FER2013's CSV: fer2013.csv (emotion,pixels,Usage) and its variants.
#pragma once

#include <filesystem>

#include "fer/data/face_set.h"

namespace fer {

// Reads a CSV with the columns `emotion` (class index), `pixels` (48*48 grey levels 0-255, separated
// by blanks) and, if it is there, `Usage` (Training, PublicTest, PrivateTest), in any order; names
// in any case and with blanks around them (icml_face_data.csv has such), fields in double quotes or
// not, lines ended by LF or CRLF, with or without a byte order mark. Other columns are ignored.
// The file is memory-mapped, cut at line ends into a part a thread, and parsed in one pass.
// @throws fer::Error "FILE:LINE: column 'NAME': …" with the bad value and what is allowed.
FaceSet read_fer2013_csv(const std::filesystem::path& path, int threads);

}  // namespace fer
