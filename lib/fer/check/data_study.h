// Searches a data set for doubtful labels and for images without a face.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "fer/check/label_doubts.h"
#include "fer/check/no_face_search.h"
#include "fer/core/log.h"
#include "fer/data/face_set.h"

namespace fer::check {

struct DataStudyOptions {
  bool doubts = true;  // whether to look for doubtful labels
  std::string detector = "auto";
  std::int64_t seed = 0;
};

struct DataStudy {
  LabelDoubts doubts;
  std::optional<ImagesWithoutFace> without_face;  // nothing if there was no search
  std::string searched;                           // the searched images, as the end of a sentence
  std::string search_note;                        // how they were searched, or why not
};

// Takes a minute or two for FER2013 on two cores. Returns nothing if `stop` ended it. @throws
// fer::Error for a missing detector.
std::optional<DataStudy> study_data(const data::FaceSet& set, const DataStudyOptions& options,
                                    Log& log, const std::atomic<bool>& stop);

}  // namespace fer::check
