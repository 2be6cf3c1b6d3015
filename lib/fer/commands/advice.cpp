#include "fer/commands/advice.h"

#include "fer/core/option_error.h"

namespace fer::commands {

namespace {

std::string detector_advice(const OptionSpelling& spelling) {
  if (!spelling.knows("detector_model")) return "set FER_DETECTORS to the folder of the file";
  return "name the file with " + option("detector_model") +
         ", or set FER_DETECTORS to the folder of the file";
}

std::string cascade_advice(const OptionSpelling& spelling) {
  const std::string install = "install the package opencv-data, or set OPENCV_DATA_PATH";
  if (!spelling.knows("detector_model")) return install;
  return install + ", or name the file with " + option("detector_model");
}

std::string text_for(Missing missing, const OptionSpelling& spelling) {
  switch (missing) {
    case Missing::model:
      return "set FER_MODELS to the folder of released models, or train a model with fer-train";
    case Missing::best_model:
      return "fer-train writes it after the first epoch";
    case Missing::detector:
      return detector_advice(spelling);
    case Missing::cascade:
      return cascade_advice(spelling);
    case Missing::data:
      return "name a data set with " + option("data") +
             ", or get fer2013.csv or icml_face_data.csv from Kaggle's \"Challenges in "
             "Representation Learning: Facial Expression Recognition Challenge\" and put it at "
             "data/fer2013.csv (data/README.md); " +
             option("data") + " synthetic needs no download";
  }
  return "";
}

}  // namespace

std::string advice(const Error& error, const OptionSpelling& spelling) {
  const auto* not_found = dynamic_cast<const NotFoundError*>(&error);
  if (not_found == nullptr) return "";
  return "; " + spelling.spelled(text_for(not_found->missing(), spelling));
}

}  // namespace fer::commands
