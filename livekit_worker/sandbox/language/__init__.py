"""What words mean to the sandbox: functions, values, days, small talk."""
