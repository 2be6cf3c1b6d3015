// Reader of FER2013's CSV: fer2013.csv (emotion,pixels,Usage) and its variants.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fer/data/emotion_column.h"
#include "fer/data/face_set.h"

namespace fer::data {

// Reads a CSV with the columns `emotion` (the number of one of FER2013's classes, or a name in any
// spelling LabelSet::find knows), `pixels` (grey levels 0-255, separated by blanks: 48*48, or of
// another square of 16*16 to 224*224, where all rows have as many) and, optionally, `Usage`
// (Training, PublicTest, PrivateTest), in any order; names in any case and with blanks around them
// (icml_face_data.csv has such), fields in double quotes or not, lines ended by LF or CRLF, with or
// without a byte order mark. Other columns are ignored. The file is memory-mapped, cut at line ends
// into a part a thread, and parsed in one pass. @throws fer::Error "FILE:LINE: column 'NAME': …"
// with the bad value and what is allowed. `notes` gains a line where rows are left out, and the set
// keeps the numbers of the others.
FaceSet read_fer2013_csv(const std::filesystem::path& path, const EmotionOptions& options,
                         int threads, std::vector<std::string>& notes);

// FER2013's classes, and nothing left out.
FaceSet read_fer2013_csv(const std::filesystem::path& path, int threads);

}  // namespace fer::data
