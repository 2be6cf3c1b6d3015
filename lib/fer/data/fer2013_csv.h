// Reader of FER2013's CSV: fer2013.csv (emotion,pixels,Usage) and its variants.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fer/data/emotion_column.h"
#include "fer/data/face_set.h"

namespace fer::data {

// Reads a CSV with the columns `emotion` (the number of one of FER2013's classes, or a name in any
// spelling LabelSet::find knows), `pixels` (grey levels 0-255, separated by blanks: 48*48, or
// another square from 16*16 to 224*224 that all rows have) and, optionally, `Usage` (Training,
// PublicTest, PrivateTest), in any order; names in any case and with blanks around them
// (icml_face_data.csv has such), fields in double quotes or not, lines ended by LF or CRLF, with or
// without a byte order mark. Other columns are ignored. The file is memory-mapped, divided at line
// ends into a part for each thread, and parsed in one pass. @throws fer::Error "FILE:LINE: column
// 'NAME': …" with the bad value and what is allowed. If rows are left out, `notes` gets a line, and
// the set records the rows of the others.
FaceSet read_fer2013_csv(const std::filesystem::path& path, const EmotionOptions& options,
                         int threads, std::vector<std::string>& notes);

// With FER2013's classes, and no row left out.
FaceSet read_fer2013_csv(const std::filesystem::path& path, int threads);

}  // namespace fer::data
