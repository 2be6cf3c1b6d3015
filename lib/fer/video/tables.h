// The tables that the plug-in libfer_video.so exports (source/plugin_sources.h,
// output/plugin_outputs.h).
#pragma once

#include "fer/output/plugin_outputs.h"
#include "fer/source/plugin_sources.h"

namespace fer::video {

std::unique_ptr<source::Source> open_video(const std::string& path,
                                           const source::SourceOptions& options,
                                           const std::string& location);
std::unique_ptr<source::Source> open_stream(const std::string& url,
                                            const source::SourceOptions& options);

std::unique_ptr<output::VideoEncoder> open_video_encoder(int descriptor, const std::string& ending,
                                                         const cv::Size& size,
                                                         double frames_per_second);

}  // namespace fer::video
