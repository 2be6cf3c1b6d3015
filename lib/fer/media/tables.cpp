#include "fer/media/tables.h"

#include "fer/core/plugin_export.h"

FER_PLUGIN_VERSION

FER_PLUGIN_EXPORT const fer::image::Codecs fer_image_codecs;
const fer::image::Codecs fer_image_codecs{fer::media::decode_picture, fer::media::encode_picture,
                                          fer::media::read_avif};

FER_PLUGIN_EXPORT const fer::source::CameraSources fer_camera_sources;
const fer::source::CameraSources fer_camera_sources{fer::media::open_camera};

FER_PLUGIN_EXPORT const fer::output::WindowOutputs fer_window_outputs;
const fer::output::WindowOutputs fer_window_outputs{fer::media::open_window};
