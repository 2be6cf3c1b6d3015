// Opens the parts of a session.
#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <vector>

#include "fer/core/log.h"
#include "fer/output/annotated_output.h"
#include "fer/output/frame_player.h"
#include "fer/predict/face_finder.h"
#include "fer/predict/session.h"

namespace fer::predict {

using Sources = std::vector<std::unique_ptr<source::Source>>;

// @throws fer::Error as open_source does, and for a camera or stream among other sources.
Sources open_sources(const SessionOptions& options, std::istream& names,
                     std::function<bool()> stopped, Log& log);

// Whether all sources are cameras or streams.
bool is_live(const Sources& sources);

// The number of frames to search at once. A detector uses one core well and several badly, so there
// is one for each core; a single still picture needs only one.
std::size_t detector_count(const SessionOptions& options, const Sources& sources);

// Logs the detector if it was chosen automatically. @throws fer::Error for a wrong detector.
std::unique_ptr<FaceFinder> open_finder(const SessionOptions& options, const WantedFaces& wanted,
                                        std::size_t detectors, Log& log);

// Null if no output is wanted. @throws fer::Error for a wrong output.
std::unique_ptr<output::AnnotatedOutput> open_output(const SessionOptions& options,
                                                     const Sources& sources, Log& log);

// Nothing if no window is wanted or, with a warning, none can be opened.
std::optional<output::FramePlayer> open_player(const SessionOptions& options, bool live,
                                               std::function<bool()> stopped, Log& log);

}  // namespace fer::predict
