// The part of deepface's POST /analyze that is supported: actions ["emotion"].
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fer/serve/exchange.h"
#include "fer/serve/pictures_job.h"

namespace fer::serve::deepface {

struct AnalyzeRequest {
  PictureInput input;
  bool enforce_detection = true;  // no face is an error
};

// The values of detector_backend: deepface's names for the detectors of this build, and auto.
std::vector<std::string> backends();

// Fields img (base64; of a form: the file, or base64), actions, detector_backend,
// enforce_detection; align, anti_spoofing (only false) and model fields that do not affect emotions
// are ignored. @throws Problem for other actions, paths and addresses, and missing detectors.
AnalyzeRequest analyze_request(Request& request, std::size_t most);

// {"results": [{"region", "emotion": {label: percent}, "dominant_emotion", "face_confidence"}, …]};
// for several pictures a list of such lists, like deepface. @throws Problem if a picture cannot be
// read, or has no face although one is required.
Response analyze_response(const AnalyzeRequest& request, std::span<const PictureAnswer> answers,
                          const LabelSet& labels);

}  // namespace fer::serve::deepface
