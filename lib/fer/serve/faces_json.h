// Answers about pictures as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "fer/serve/models.h"
#include "fer/serve/parameters.h"
#include "fer/serve/pictures_job.h"

namespace fer::serve {

// Has the keys of fer-predict's JSON Lines and, if they apply, "faces_left_out", "annotated" (a
// data URI) and each face's "explanation" (a data URI).
nlohmann::ordered_json picture_json(const PictureAnswer& answer, const LabelSet& labels,
                                    const PredictParameters& parameters);

// {"model", "detector", "results": […]}
nlohmann::ordered_json pictures_json(std::span<const PictureAnswer> answers,
                                     const ServedModel& model, const std::string& detector,
                                     const PredictParameters& parameters);

}  // namespace fer::serve
