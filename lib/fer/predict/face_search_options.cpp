#include "fer/predict/face_search_options.h"

#include "fer/core/option_error.h"
#include "fer/detect/detector_help.h"
#include "fer/detect/detector_names.h"

namespace fer::predict {

void FaceSearchOptions::visit(OptionVisitor& visitor, std::string_view whose) {
  visitor.group("Finding faces");
  visitor.field(
      Field("detector", "Face detector" + std::string(whose) + "; " + detect::detector_help())
          .essential()
          .one_of(detect::detector_names()),
      detector);
  visitor.field(
      Field("detector_model", "Model file of the detector, instead of the one that is installed")
          .file(),
      detector_model);
  visitor.field(Field("detector_size",
                      "Side of the square input of the detector: " + detect::detector_size_help())
                    .range(0, 2048)
                    .in("pixels"),
                detector_size);
  visitor.field(Field("small_faces",
                      "Search large still pictures also in parts, for faces that are too small to "
                      "be found in the whole picture; a picture of 12 megapixels then takes about "
                      "three times as long"),
                small_faces);
  visitor.field(Field("align",
                      "Rotate faces until their eyes are level, with detectors that find eyes; "
                      "auto rotates faces that are tilted by more than 12 degrees; " +
                          option("align") + " alone means on"),
                align);
}

void FaceSearchOptions::validate() const { detect::check_detector(detector_options()); }

detect::DetectorOptions FaceSearchOptions::detector_options() const {
  return {.name = detector, .model = detector_model, .side = static_cast<int>(detector_size)};
}

}  // namespace fer::predict
