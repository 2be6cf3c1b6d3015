#include "fer/video/tables.h"

#include "fer/core/plugin_export.h"

FER_PLUGIN_VERSION

FER_PLUGIN_EXPORT const fer::source::VideoSources fer_video_sources;
const fer::source::VideoSources fer_video_sources{fer::video::open_video, fer::video::open_stream};

FER_PLUGIN_EXPORT const fer::output::VideoOutputs fer_video_outputs;
const fer::output::VideoOutputs fer_video_outputs{fer::video::open_video_encoder};
