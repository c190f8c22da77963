"""第二十四条: real-name reports (实名举报), from the form to the reply. In code a report is a complaint."""
