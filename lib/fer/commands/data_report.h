// `fer-data check --report`: what is found by looking at the images, and the page that shows it.
#pragma once

#include <optional>
#include <string>

#include "fer/commands/console.h"
#include "fer/commands/data_command.h"
#include "fer/commands/faceless.h"
#include "fer/data/data_check.h"
#include "fer/data/face_set.h"
#include "fer/metrics/confident_learning.h"

namespace fer {

struct DataStudy {
  // Nothing where it was not looked for; the notes say why.
  std::optional<ConfidentLearning> doubts;
  double accuracy = 0.0;  // of the networks that doubt
  std::string doubts_note;
  std::optional<FaceSearch> faces;
  std::string searched;  // which images, as the end of a sentence
  std::string faces_note;
};

// With --doubts trains small networks (a minute or two for FER2013 on two cores), with --detector
// searches images for faces. Ctrl-C ends it early: nothing is returned then.
// @throws fer::Error for a detector that is not there.
std::optional<DataStudy> study_data(const FaceSet& set, const DataCheckOptions& options,
                                    Console& console);

// Writes --report's page. @throws fer::Error where it cannot be written.
void write_data_page(const FaceSet& set, const DataCheck& check, const DataStudy& study,
                     const DataCheckOptions& options, Console& console);

}  // namespace fer
