// What is found by looking at the images of a data set: labels in doubt, images without a face.
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
  bool doubts = true;  // whether labels are doubted
  std::string detector = "auto";
  std::int64_t seed = 0;
};

struct DataStudy {
  LabelDoubts doubts;
  std::optional<ImagesWithoutFace> without_face;  // nothing where it was not looked for
  std::string searched;                           // which images, as the end of a sentence
  std::string search_note;                        // how, or why not
};

// Takes a minute or two for FER2013 on two cores. Nothing is returned where `stop` ended it.
// @throws fer::Error for a detector that is not there.
std::optional<DataStudy> study_data(const data::FaceSet& set, const DataStudyOptions& options,
                                    Log& log, const std::atomic<bool>& stop);

}  // namespace fer::check
