// The options of programs that search pictures for faces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fer/core/options.h"
#include "fer/detect/open_detector.h"
#include "fer/predict/face_crop.h"

namespace fer::predict {

struct FaceSearchOptions {
  std::string detector = "auto";
  std::string detector_model;
  std::int64_t detector_size = 0;
  bool small_faces = true;
  Align align = Align::automatic;

  // `whose`: added to the help of `detector`: " of requests that name none".
  void visit(OptionVisitor& visitor, std::string_view whose = "");

  // @throws fer::OptionError as detect::check_detector() does.
  void validate() const;

  detect::DetectorOptions detector_options() const;
};

}  // namespace fer::predict
