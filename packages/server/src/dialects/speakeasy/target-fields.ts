// The TargetSDK of contract section 2.3: 45 fields, and the rule by which each is found among the
// events of a target. The vendor's rule is not public; this is the one that the contract recommends.

/** What the newest event that is no tombstone says of its run; what it does not say is absent. */
export const runFields = [
  'success',
  'error',
  'commit_head',
  'hostname',
  'git_user_name',
  'git_user_email',
  'continuous_integration_environment',
  'gh_action_run_link',
  'gh_action_ref',
  'gh_action_version',
] as const

/** Each as in the newest event that has it: what is known of a target outlives later runs. */
export const lastingFields = [
  'generate_config_post_version',
  'generate_eligible_features',
  'generate_gen_lock_pre_features',
  'generate_gen_lock_pre_version',
  'generate_number_of_operations_ignored',
  'generate_number_of_operations_used',
  'generate_number_of_terraform_resources',
  'generate_published',
  'generate_target',
  'generate_target_name',
  'generate_target_version',
  'gh_action_organization',
  'gh_action_repository',
  'git_relative_cwd',
  'git_remote_default_owner',
  'git_remote_default_repo',
  'publish_package_name',
  'publish_package_registry_name',
  'publish_package_url',
  'publish_package_version',
  'repo_label',
  'source_blob_digest',
  'source_namespace_name',
  'source_revision_digest',
  'workflow_lock_post_raw',
  'workflow_lock_pre_raw',
  'workflow_post_raw',
  'workflow_pre_raw',
] as const
